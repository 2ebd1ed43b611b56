package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorstImagesTests {
  private static final List<ImageResult> RESULTS =
      List.of(
          result("sure", 0.99, 0.01),
          result("wrong", 0.8, 3.5),
          ImageResult.failed("failed", "failed", null, 1, "no image"),
          result("vague", 0.2, 1.6),
          result("unknown", 0.3, null),
          result("nan", null, null));

  @Test
  void theLargestLossesComeFirst() {
    assertThat(names(2, true)).containsExactly("wrong", "vague");
    assertThat(names(9, true)).containsExactly("wrong", "vague", "sure");
  }

  @Test
  void withoutLossesThoseThatAreLeastSureOfThemselves() {
    assertThat(names(3, false)).containsExactly("vague", "unknown", "wrong");
  }

  @Test
  void ofOneOutputThoseNearestToAHalf() {
    List<ImageResult> results =
        List.of(result("no", 0.01, null), result("half", 0.45, null), result("yes", 0.9, null));

    assertThat(WorstImages.of(results.iterator(), 3, false, true).pictures())
        .extracting(ImageResult::name)
        .containsExactly("half", "yes", "no");
  }

  @Test
  void noneIsNone() {
    assertThat(names(0, true)).isEmpty();
  }

  private static List<String> names(int count, boolean byLoss) {
    return WorstImages.of(RESULTS.iterator(), count, byLoss).pictures().stream()
        .map(ImageResult::name)
        .toList();
  }

  private static ImageResult result(
      String name, @Nullable Double probability, @Nullable Double loss) {
    return new ImageResult(
        name,
        name,
        new Predicted(0, "cat", probability),
        probability == null ? null : Math.abs(2 * probability - 1),
        loss == null ? null : new ClassLabel(1, "dog"),
        loss,
        loss == null ? null : false,
        List.of(),
        List.of(),
        1,
        null);
  }
}
