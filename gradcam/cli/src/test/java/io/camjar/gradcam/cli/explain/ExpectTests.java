package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain --expect}: the map of the expected class next to that of the predicted one. */
class ExpectTests {
  @TempDir private Path folder;
  private Path weights;
  private Path image;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    weights =
        TinyCheckpoint.answering(3, 2, 1, 0, -1)
            .named("tench", "church", "golf ball", "gas pump", "parachute")
            .write(folder.resolve("tiny.safetensors"));
    image = TinyImage.write(folder.resolve("dog.png"), 60, 45);
    out = folder.resolve("out");
  }

  @Test
  void bothClassesAreExplainedAndTheirMapsPutNextToOneAnother() {
    Run run = expect("church");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("expected church 0.234, which comes 2nd of 5 classes")
        .contains("  tench at layer4.1: ")
        .contains("  church at layer4.1: ");
    assertThat(out.resolve("dog_layer4.1_0.png")).exists();
    assertThat(out.resolve("dog_layer4.1_1.png")).exists();
    assertThat(out.resolve("dog_expected.png")).exists();
  }

  @Test
  void aRightAnswerNeedsNoComparison() {
    Run run = expect("0");

    assertThat(run.out()).contains("as expected: tench 0.636");
    assertThat(out.resolve("dog_expected.png")).doesNotExist();
    assertThat(out.resolve("dog_layer4.1_0.png")).exists();
  }

  @Test
  void ranksAreOrdinals() {
    assertThat(expect("golf ball").out()).contains("3rd of 5");
    assertThat(expect("parachute").out()).contains("5th of 5");
  }

  @Test
  void aClassThatThereIsNotIsRefusedAndSoIsTop1() {
    assertThat(expect("cathedral").err()).contains("there is no class \"cathedral\"");
    assertThat(expect("top1").err()).contains("give a name or an index");
    assertThat(expect("top1").exitCode()).isNotZero();
  }

  private Run expect(String name) {
    return Run.of(
        "explain",
        image.toString(),
        "--weights",
        weights.toString(),
        "--out",
        out.toString(),
        "--expect",
        name);
  }
}
