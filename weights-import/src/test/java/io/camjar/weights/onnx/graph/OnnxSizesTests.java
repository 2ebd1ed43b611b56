package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.Network;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models whose images have any size, {@code make_onnx_sizes.py}, at even and odd ones against ONNX
 * Runtime 1.29.
 */
class OnnxSizesTests {
  private static final String FOLDER = "/io/camjar/weights/onnx/sizes/";

  /** Of the largest score. */
  private static final double TOLERANCE = 1e-5;

  /** What computes the same way at each size. */
  private static final Set<String> OPEN =
      Set.of(
          "conv-upper-1",
          "conv-single-2",
          "pools-ceil",
          "pools-floor",
          "resize-by-half",
          "resize-by-two",
          "skip",
          "blocks",
          "places-in-blocks");

  /** What leaves more than one column out at some sizes, and is refused at those. */
  private static final Set<String> NARROW =
      Set.of(
          "conv-upper-narrow-9",
          "conv-lower-narrow-11",
          "maxpool-upper-narrow",
          "averagepool-lower-narrow");

  static List<String> models() {
    List<String> names = new ArrayList<>();
    expected().fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A network that is bound to one size is read again for each other. */
  @ParameterizedTest
  @MethodSource("models")
  void scoresAtEachSizeAreThoseOfOnnxRuntime(String name) {
    JsonNode wanted = expected().get(name);
    int compared = 0;
    List<String> sizes = new ArrayList<>();
    wanted.fieldNames().forEachRemaining(sizes::add);
    for (String size : sizes) {
      int height = Integer.parseInt(size.split("x")[0]);
      int width = Integer.parseInt(size.split("x")[1]);
      try (Network network = Checkpoints.load(path(name + ".onnx"))) {
        boolean takes =
            network.architecture().inputSize().allows(height, width)
                || network.architecture().resized(height, width).isPresent();
        if (wanted.get(size).isArray() && takes) {
          assertClose(
              size, scores(network.resized(height, width), height, width), wanted.get(size));
          compared++;
        } else if (wanted.get(size).isArray()) {
          assertThat(NARROW).contains(name);
        }
      }
    }
    assertThat(compared).isPositive();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aNetworkIsBoundToOneSizeWhereItComputesInAnotherWayAtOthers(String name) {
    try (Network network = Checkpoints.load(path(name + ".onnx"))) {
      assertThat(network.architecture().inputSize().fixed()).isEqualTo(!OPEN.contains(name));
    }
  }

  @Test
  void aNetworkKeepsChangedWeightsAtAnotherSizeAndHasWhatBelongsToTheSizeFromTheModel() {
    try (Network network = Checkpoints.load(path("conv-pads-of-sides.onnx"));
        Network same = Checkpoints.load(path("conv-pads-of-sides.onnx"))) {
      network.update(all -> all.values().forEach(array -> array.muli(2)));
      float[] found = scores(network.resized(97, 131), 97, 131);
      float[] before = scores(same.resized(97, 131), 97, 131);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(4 * before[i], withPercentage(0.01));
      }
    }
  }

  @Test
  void aNetworkIsTheSameEachTimeThatItIsReadForASize() {
    try (Network network = Checkpoints.load(path("conv-upper-2.onnx"))) {
      assertThat(network.resized(97, 131).architecture())
          .isEqualTo(network.architecture().resized(97, 131).orElseThrow().architecture())
          .isNotEqualTo(network.architecture());
      assertThat(network.resized(97, 131).resized(33, 47).architecture().inputSize())
          .isEqualTo(InputSize.only(33, 47));
    }
  }

  private static float[] scores(Network network, int height, int width) {
    try (INDArray image = image(height, width);
        INDArray scores = network.forward(image)) {
      return scores.ravel().toFloatVector();
    }
  }

  private static void assertClose(String size, float[] found, JsonNode wanted) {
    assertThat(found).hasSize(wanted.size());
    double largest = 0;
    for (JsonNode value : wanted) {
      largest = Math.max(largest, Math.abs(value.asDouble()));
    }
    for (int i = 0; i < found.length; i++) {
      double value = wanted.get(i).asDouble();
      double error = Math.abs(found[i] - value) / largest;
      assertThat(error)
          .as("score %d of an image of %s, %s for %s", i, size, found[i], value)
          .isLessThan(TOLERANCE);
    }
  }

  /** The image of OnnxRuntimeSizes. */
  private static INDArray image(int height, int width) {
    float[] pixels = new float[3 * height * width];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, new long[] {1, 3, height, width}, 'c');
  }

  private static JsonNode expected() {
    try (InputStream in = OnnxSizesTests.class.getResourceAsStream(FOLDER + "expected.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(OnnxSizesTests.class.getResource(FOLDER + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
