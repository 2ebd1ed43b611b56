package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which kernels run goes by what is to be computed, not by how the command line spells it. */
class WorkTests {
  @Test
  void aFewImagesAreFewPasses() {
    assertThat(few(1, "gradcam")).isTrue();
    assertThat(few(12, "gradcam")).isTrue();
    assertThat(few(4, "gradcam", "layercam")).isTrue();
  }

  @Test
  void manyImagesOrMethodsThatAskTheNetworkAgainAreMany() {
    assertThat(few(13, "gradcam")).isFalse();
    assertThat(few(7, "gradcam", "layercam")).isFalse();
    assertThat(few(1, "Score-CAM")).isFalse();
    assertThat(few(1, "ablationcam")).isFalse();
    assertThat(few(1, "gradcam", "scorecam")).isFalse();
    assertThat(KernelPlan.isFew(Work.MUCH)).isFalse();
  }

  @Test
  void augmentedInputsAreSixPassesEach() {
    assertThat(Work.passes(3, methods("gradcam"), Set.of(Smoothing.AUG))).isEqualTo(18);
    assertThat(Work.passes(3, methods("gradcam"), Set.of(Smoothing.EIGEN))).isEqualTo(3);
  }

  @Test
  void anArraysInputsAreCountedByItsSize() {
    assertThat(Work.inputs(128 + 3 * 224 * 224 * 4)).isEqualTo(1);
    assertThat(Work.inputs(128 + 500L * 3 * 224 * 224 * 4)).isEqualTo(500);
    assertThat(Work.inputs(0)).isEqualTo(1);
  }

  @Test
  void theOtherJvmDoesTheSameWithTheFlagsOfTheLauncher() {
    List<String> command = OtherJvm.command(" -Da=1  --add-modules m", List.of("explain", "a b"));
    assertThat(command.subList(1, command.size()))
        .containsExactly(
            "-Da=1",
            "--add-modules",
            "m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.camjar.gradcam.cli.Main",
            "explain",
            "a b");
  }

  @Test
  void aProcessThatIsNotTheCommandLinesOwnChoosesNothing() {
    assertThat(KernelPlan.decide(1)).isEmpty();
    assertThat(System.getProperty("camjar.kernels")).isNotEqualTo("nd4j");
  }

  private static boolean few(int images, String... names) {
    return KernelPlan.isFew(Work.passes(images, methods(names), Set.of()));
  }

  private static List<CamMethod> methods(String... names) {
    return Stream.of(names).map(CamMethods::named).toList();
  }
}
