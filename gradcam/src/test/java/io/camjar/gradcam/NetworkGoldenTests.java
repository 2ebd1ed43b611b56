package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.PixelGradient;
import io.camjar.gradcam.scaling.MapFusion;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Against pytorch-grad-cam's formulas in PyTorch 1.13; network_methods.py wrote the expectations.
 */
class NetworkGoldenTests {
  private static final double TOLERANCE = 1e-4;
  private static final Network POOLED = Networks.pooled();
  private static final Network CONCAT_POOLED = Networks.concatPooled();

  @AfterAll
  static void close() {
    POOLED.close();
    CONCAT_POOLED.close();
  }

  static List<String> network() {
    return HashedImage.lines("/methods/network.txt");
  }

  static Stream<String> combined() {
    return HashedImage.lines("/methods/combined.txt").stream()
        .filter(line -> !line.startsWith("deprocess"));
  }

  static Stream<String> pictures() {
    return HashedImage.lines("/methods/combined.txt").stream()
        .filter(line -> line.startsWith("deprocess"));
  }

  @ParameterizedTest
  @MethodSource("network")
  void theRawMapAgrees(String line) {
    String[] words = line.split(" ");

    float[] raw = raw(words);

    assertAgree(raw, values(words, 4), 1);
  }

  @Test
  void theComparisonNoticesAnotherClass() {
    String[] words = network().get(0).split(" ");
    String[] other = words.clone();
    other[3] = "0";

    assertThatThrownBy(() -> assertAgree(raw(other), values(words, 4), 1))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @MethodSource("combined")
  void theWholePipelineAgrees(String line) {
    String[] words = line.split(" ");
    CamMap map = combined(words);

    float[] found =
        switch (words[0]) {
          case "plain" -> new OnInput(96, 64, map.style()).shown(map);
          case "guidedbackprop", "guidedgradcam" -> map.pixels().orElseThrow().values();
          default -> map.scaled();
        };

    assertAgree(found, values(words, 4), Integer.parseInt(words[3]));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void theGradientAsAnImageAgrees(String line) {
    String[] words = line.split(" ");
    words[0] = words[0].equals("deprocess") ? "guidedbackprop" : "guidedgradcam";
    PixelGradient gradient = combined(words).pixels().orElseThrow();

    byte[] found = gradient.deprocess().toBytes();

    int step = Integer.parseInt(words[3]);
    float[] expected = values(words, 4);
    for (int i = 0; i < expected.length; i++) {
      // A value on the edge between two bytes may fall to either side.
      assertThat(found[i * step] & 0xff).isCloseTo((int) expected[i], within(1));
    }
  }

  @Test
  void aGradientOfOneChannelIsAGrayImage() {
    RgbImage gray = new PixelGradient(1, 1, 2, new float[] {1, -1}).deprocess();

    assertThat(gray.toBytes()).containsExactly(bytes(152, 152, 152, 102, 102, 102));
  }

  private static float[] raw(String[] words) {
    Network network = words[1].equals("torchvision") ? POOLED : CONCAT_POOLED;
    Target plain = Target.index(Integer.parseInt(words[3]));
    Target target =
        switch (words[0]) {
          case "probability" -> Target.probability(plain);
          case "against" -> Target.against(plain, Target.index(0));
          default -> plain;
        };
    MapOptions options =
        switch (words[0]) {
          case "probability", "against" -> MapOptions.STANDARD;
          case "counterfactual" -> MapOptions.STANDARD.withCounterfactual(true);
          case "eigen_smooth" -> MapOptions.STANDARD.withSmoothing(Smoothing.EIGEN);
          default -> MapOptions.STANDARD.withMethod(CamMethods.named(words[0]));
        };
    return explain(network, options, target, words[2]).maps().get(0).raw();
  }

  private static CamMap combined(String[] words) {
    MapOptions options =
        switch (words[0]) {
          case "fuse-mean" -> MapOptions.STANDARD.withFusion(MapFusion.MEAN);
          case "fuse-max" -> MapOptions.STANDARD.withFusion(MapFusion.MAX);
          case "fuse-product" -> MapOptions.STANDARD.withFusion(MapFusion.PRODUCT);
          case "smooth-aug" -> MapOptions.STANDARD.withSmoothing(Smoothing.AUG);
          case "smooth-aug-fuse-mean" ->
              MapOptions.STANDARD.withSmoothing(Smoothing.AUG).withFusion(MapFusion.MEAN);
          case "plain" -> MapOptions.STANDARD;
          default -> MapOptions.STANDARD.withMethod(CamMethods.named(words[0]));
        };
    Target target = Target.index(Integer.parseInt(words[2]));
    List<CamMap> maps = explain(CONCAT_POOLED, options, target, words[1].split("\\+")).maps();
    return maps.get(maps.size() - 1);
  }

  private static Explanation explain(
      Network network, MapOptions options, Target target, String... layers) {
    try (INDArray input = SyntheticInput.images("heads", 1, 3, 96, 64)) {
      return Explainer.of(network)
          .withLayers(layers)
          .withOptions(options)
          .explain("input0", input, List.of(target));
    }
  }

  private static float[] values(String[] words, int from) {
    String[] numbers = Arrays.copyOfRange(words, from, words.length);
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(numbers[i]);
    }
    return values;
  }

  /** Within a share of the largest expected value. */
  private static void assertAgree(float[] found, float[] expected, int step) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat((found.length + step - 1) / step).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) Math.abs(found[i * step] - expected[i]))
          .as("value %d, expected %s", i, expected[i])
          .isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
