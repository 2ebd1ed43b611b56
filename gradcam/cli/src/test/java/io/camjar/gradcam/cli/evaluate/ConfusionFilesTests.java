package io.camjar.gradcam.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.accuracy.Answer;
import io.camjar.gradcam.accuracy.Confusion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionFilesTests {
  /** An image of each of some classes is answered with each of some others. */
  private static Confusion confusion(int actual, int predicted) {
    List<Answer> answers = new ArrayList<>();
    for (int a = 0; a < actual; a++) {
      for (int p = 0; p < predicted; p++) {
        answers.add(new Answer("x", a, new Prediction(new ClassLabel(p, null), 1, 1)));
      }
    }
    return Confusion.of(answers, List.of());
  }

  private static List<String> printed(Confusion confusion) {
    StringWriter text = new StringWriter();
    new ConfusionFiles(confusion, Labels.unnamed(50)).print(new PrintWriter(text));
    return text.toString().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  @Test
  void figuresAreThoseOfTheAnswers() {
    Confusion confusion = confusion(2, 3);

    assertThat(confusion.recall(0)).isEqualTo(1.0 / 3);
    assertThat(confusion.precision(1)).isEqualTo(0.5);
    assertThat(confusion.precision(2)).isZero();
    assertThat(confusion.recall(2)).isNaN();
    assertThat(confusion.accuracy()).isEqualTo(2.0 / 6);
    assertThat(printed(confusion))
        .containsExactly("is / taken for 0 1 2", "0 1 1 1", "1 1 1 1", "");
  }

  @Test
  void ofManyAnswersThoseWithARowArePrintedAndTheRestIsSummedUp() {
    assertThat(printed(confusion(2, 30)))
        .containsExactly("is / taken for 0 1 others", "0 1 1 28", "1 1 1 28", "");
  }

  @Test
  void manyRowsAreNotPrinted() {
    assertThat(printed(confusion(21, 1))).isEmpty();
    assertThat(IntStream.range(0, 21).boxed().toList()).isEqualTo(confusion(21, 1).rows());
  }
}
