package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.cli.DocsPicture;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.weights.npy.Npy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ResNet-50 of {@code docs/two-classes.md}: fine-tuned on drawn skin lesions, saved from a GPU,
 * explained here. {@code src/test/python/two_classes.py} made the files.
 */
class TwoClassesTests {
  private static final Path MODULE = Path.of(System.getProperty("camjar.root"), "gradcam");
  private static final Path EXAMPLES = MODULE.resolve("examples");
  private static final Path WEIGHTS = EXAMPLES.resolve("lesions-resnet50.pth");
  private static final Path GOLDEN = MODULE.resolve("src/test/resources/two-classes");
  private static final String MALIGNANT = "malignant_layer4.2_1";

  @TempDir private static Path out;
  private static Run run;

  @BeforeAll
  static void explain() {
    run =
        Run.of(
            "explain",
            EXAMPLES.resolve("malignant.png").toString(),
            EXAMPLES.resolve("benign.png").toString(),
            "--weights",
            WEIGHTS.toString(),
            "--class",
            "malignant,benign",
            "--format",
            "png,npy,json",
            "--out",
            out.toString());
  }

  @Test
  void theCheckpointSaysThatItsTensorsLiveOnAGpu() throws IOException {
    String file = Files.readString(WEIGHTS, StandardCharsets.ISO_8859_1);

    assertThat(file).contains("cuda:0", "module.layer4.2.conv3.weight").doesNotContain("cpu");
    assertThat(run.exitCode()).isZero();
    // A slow machine shows progress too.
    assertThat(run.err().lines().filter(line -> !line.startsWith("camjar: images, ")))
        .singleElement()
        .asString()
        .startsWith("camjar: images are prepared as torchvision");
  }

  @Test
  void classesAreChosenByTheNamesInTheCheckpoint() throws IOException {
    JsonNode record = record("malignant");

    assertThat(record.at("/model/architecture").asText()).isEqualTo("resnet50");
    assertThat(record.at("/model/classes").asInt()).isEqualTo(2);
    assertThat(record.at("/maps/0/class/label").asText()).isEqualTo("malignant");
    assertThat(record.at("/maps/0/class/index").asInt()).isEqualTo(1);
    assertThat(record.at("/maps/0/layer").asText()).isEqualTo("layer4.2");
    assertThat(record.at("/top/0/label").asText()).isEqualTo("malignant");
    assertThat(record("benign").at("/top/0/label").asText()).isEqualTo("benign");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_gray.png", "_map.png", ".png"})
  void thereAreThreeImagesOfTheImagesSizeAndThePageShowsThem(String ending) throws IOException {
    RgbImage picture = Images.read(EXAMPLES.resolve("malignant.png"));
    RgbImage drawn = Images.read(out.resolve(MALIGNANT + ending));

    assertThat(drawn.width()).isEqualTo(picture.width());
    assertThat(drawn.height()).isEqualTo(picture.height());
    DocsPicture.shows("two-classes/" + MALIGNANT + ending, drawn);
  }

  @ParameterizedTest
  @CsvSource({"malignant, 0, benign", "malignant, 1, malignant", "benign, 0, benign"})
  void mapsAreThoseOfPyTorchsHooks(String picture, int index, String label) {
    float[] map = array(out, "%s_layer4.2_%d.npy".formatted(picture, index));
    float[] expected = array(GOLDEN, "%s-%s.npy".formatted(picture, label));
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }

    assertThat(map).hasSameSizeAs(expected);
    for (int i = 0; i < map.length; i++) {
      assertThat(map[i]).isCloseTo(expected[i], within(1e-3f * largest));
    }
    assertThat(array(out, picture + "_logits.npy"))
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(array(GOLDEN, picture + "-logits.npy"));
  }

  @Test
  void theMapLiesOnTheLesionAndNotOnTheSkin() {
    RgbImage gray = Images.read(out.resolve(MALIGNANT + "_gray.png"));
    RgbImage mask = Images.read(GOLDEN.resolve("malignant-mask.png"));
    double weight = 0;
    double onLesion = 0;
    int seen = 0;
    int area = 0;
    // The network sees the middle 224 of the short side's 256.
    int top = Math.round(gray.height() * 16 / 256f);
    int left = (gray.width() - gray.height() + 2 * top) / 2;
    for (int y = top; y < gray.height() - top; y++) {
      for (int x = left; x < gray.width() - left; x++) {
        boolean lesion = mask.sample(x, y, 0) > 127;
        weight += gray.sample(x, y, 0);
        onLesion += lesion ? gray.sample(x, y, 0) : 0;
        seen++;
        area += lesion ? 1 : 0;
      }
    }

    assertThat(area / (double) seen).isBetween(0.05, 0.25);
    assertThat(onLesion / weight).isGreaterThan(2 * area / (double) seen);
  }

  @Test
  void anImageWithNothingMalignantAboutItSaysSo() throws IOException {
    JsonNode malignant = record("benign").at("/maps/0");
    JsonNode benign = record("benign").at("/maps/1");

    assertThat(malignant.get("class").get("label").asText()).isEqualTo("malignant");
    assertThat(malignant.get("status").asText()).isEqualTo("no-positive-evidence");
    assertThat(malignant.get("max").floatValue()).isNegative();
    assertThat(benign.get("status").asText()).isEqualTo("ok");
    assertThat(run.out()).contains("malignant at layer4.2: no positive evidence");
  }

  private static JsonNode record(String stem) throws IOException {
    return new ObjectMapper().readTree(out.resolve(stem + ".json").toFile());
  }

  private static float[] array(Path folder, String name) {
    return Npy.read(folder.resolve(name)).toFloats();
  }
}
