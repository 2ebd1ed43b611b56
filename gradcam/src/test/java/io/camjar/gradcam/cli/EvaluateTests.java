package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTests {
  @TempDir private Path temp;
  private Path weights;
  private Path pictures;

  @BeforeEach
  void writeNetworkAndEmptyClasses() throws IOException {
    weights = new TinyCheckpoint().write(temp.resolve("tiny.safetensors"));
    pictures = Files.createDirectory(temp.resolve("pictures"));
    for (int c = 0; c < TinyCheckpoint.CLASSES; c++) {
      Files.createDirectory(pictures.resolve("class" + c));
    }
  }

  private Run evaluate() {
    return Run.of("evaluate", pictures.toString(), "--weights", weights.toString(), "--size", "64");
  }

  private Path picture(int classIndex, String name) throws IOException {
    return TinyPicture.write(pictures.resolve("class" + classIndex).resolve(name), 70, 64);
  }

  @Test
  void rightAnswersAreCountedClassByClass() throws IOException {
    for (int c = 0; c < TinyCheckpoint.CLASSES; c++) {
      picture(c, "same.png"); // one and the same picture everywhere: one class is right
    }

    Run run = evaluate();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("accuracy 20.00 %, 1 of 5 pictures right, preset torchvision");
    assertThat(run.out().lines().filter(line -> line.endsWith(" 100.00 %"))).hasSize(1);
    assertThat(run.out().lines().filter(line -> line.endsWith(" 0.00 %"))).hasSize(4);
  }

  @Test
  void aBatchAndARestAreBothCounted() throws IOException {
    for (int i = 0; i < 11; i++) {
      picture(i % 2, i + ".png");
    }

    assertThat(evaluate().out()).contains(" of 11 pictures right").contains("class0").contains("6");
  }

  @Test
  void predictionsGoToFilesPictureByPicture() throws IOException {
    picture(0, "a, quoted.png");
    picture(1, "b.png");
    Files.writeString(pictures.resolve("class2").resolve("bad.jpg"), "no picture");
    Path out = temp.resolve("out");

    Run run =
        Run.of(
            "evaluate",
            pictures.toString(),
            "--weights",
            weights.toString(),
            "--size",
            "64",
            "--out",
            out.toString());

    assertThat(run.err()).contains("accuracy.csv", "accuracy.json");
    List<String> rows = Files.readAllLines(out.resolve("accuracy.csv"));
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0))
        .isEqualTo("picture,index,label,predicted_index,predicted_label,probability,right");
    assertThat(rows.get(1)).startsWith("\"class0/a, quoted.png\",0,");
    assertThat(rows.get(2)).startsWith("class1/b.png,1,").matches(".*,(true|false)");
    JsonNode record = new ObjectMapper().readTree(out.resolve("accuracy.json").toFile());
    assertThat(record.get("pictures").asInt()).isEqualTo(2);
    assertThat(record.at("/failed/0").asText()).isEqualTo("class2/bad.jpg");
    assertThat(record.at("/classes/1/folder").asText()).isEqualTo("class1");
    assertThat(record.at("/predictions/1/predicted/index").isInt()).isTrue();
    assertThat(record.at("/predictions/1/probability").asDouble()).isBetween(0.2, 1.0);
  }

  @Test
  void aBrokenPictureIsReportedAndTheOthersCount() throws IOException {
    picture(0, "good.png");
    Files.writeString(pictures.resolve("class1").resolve("bad.jpg"), "no picture");

    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("bad.jpg");
    assertThat(run.out()).contains(" of 1 pictures right");
  }

  @Test
  void anotherNumberOfClassesIsRefused() throws IOException {
    picture(0, "good.png");
    Files.createDirectory(pictures.resolve("class5"));

    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("the folder has 6 classes (class0, class1, class2, ...), but the model has 5");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aFolderWithoutPicturesIsRefused() {
    Run run = evaluate();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("holds no pictures in folders");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Run run = Run.of("evaluate", temp.resolve("nowhere").toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("nowhere could not be listed");
  }
}
