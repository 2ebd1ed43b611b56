package io.camjar.gradcam.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.ColourNetwork;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare}: a network that looks at red and one that looks at blue. */
class CompareTests {
  private static final int RED = 0xff1010;
  private static final int BLUE = 0x1010ff;

  @TempDir private Path temp;
  private Path red;
  private Path blue;
  private Path images;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    red = ColourNetwork.seeing(0).write(temp.resolve("red.safetensors"));
    blue = ColourNetwork.seeing(2).write(temp.resolve("blue.safetensors"));
    images = temp.resolve("images");
    out = temp.resolve("out");
    ColourNetwork.write(
        images.resolve("spot/both.png"), new int[] {0, 0, 48, RED}, new int[] {80, 80, 48, BLUE});
    ColourNetwork.write(images.resolve("spot/red.png"), new int[] {0, 0, 48, RED});
    ColourNetwork.write(images.resolve("spot/blue.png"), new int[] {80, 80, 48, BLUE});
    ColourNetwork.write(images.resolve("none/gray.png"));
  }

  private Run compare(Path second) {
    return Run.of(
        "compare",
        red.toString(),
        second.toString(),
        images.toString(),
        "--size",
        "128",
        "--out",
        out.toString());
  }

  @Test
  void whereAnswersAndMapsChangedIsTold() throws IOException {
    Run run = compare(blue);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("4 images, 2 other answers")
        .contains("A is right on 3 and B on 3 (1 fixed, 1 broken)");
    JsonNode record = new ObjectMapper().readTree(out.resolve("compare.json").toFile());
    assertThat(record.at("/answers/fixed").asInt()).isEqualTo(1);
    for (JsonNode change : record.get("changes")) {
      switch (change.get("image").asText()) {
        case "spot/both.png" -> {
          assertThat(change.get("answer").asText()).isEqualTo("same");
          assertThat(change.get("moved").asDouble()).isEqualTo(1);
        }
        case "spot/red.png" -> assertThat(change.get("answer").asText()).isEqualTo("broken");
        case "spot/blue.png" -> assertThat(change.get("answer").asText()).isEqualTo("fixed");
        default -> assertThat(change.get("answer").asText()).isEqualTo("same");
      }
    }
    assertThat(Files.readAllLines(out.resolve("compare.csv"))).hasSize(5);
    assertThat(Images.read(out.resolve("compare.png")).height()).isPositive();
    assertThat(Files.readString(out.resolve("compare.html")))
        .contains("The same answer for other reasons", "<h3>spot/both.png</h3>")
        .doesNotContainPattern("(href|src)=\"(?!data:)");
  }

  @Test
  void aNetworkDoesNotDifferFromItself() {
    Run run = compare(red);

    assertThat(run.out())
        .contains("4 images, 0 other answers")
        .contains("evidence moved by 0.000 on average");
  }

  @Test
  void networksOfOtherClassesAreRefused() throws IOException {
    Path other =
        new TinyCheckpoint().named("x", "y", "z", "v", "w").write(temp.resolve("o.safetensors"));

    Run run = compare(other);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("the first network has a class \"spot\"");
    assertThat(out).doesNotExist();
  }

  @Test
  void aMissingFileIsNamed() {
    Run run = compare(temp.resolve("no.pth"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("no.pth");
  }
}
