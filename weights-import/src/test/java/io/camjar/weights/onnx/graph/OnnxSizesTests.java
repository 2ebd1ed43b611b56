package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

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
          "pools-ceil",
          "pools-floor",
          "resize-by-half",
          "resize-by-two",
          "skip",
          "blocks",
          "places-in-blocks");

  static List<String> models() {
    List<String> names = new ArrayList<>();
    expected().fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @MethodSource("models")
  void scoresAtEachSizeThatANetworkTakesAreThoseOfOnnxRuntime(String name) {
    JsonNode wanted = expected().get(name);
    int compared = 0;
    try (Network network = Checkpoints.load(path(name + ".onnx"))) {
      InputSize input = network.architecture().inputSize();
      List<String> sizes = new ArrayList<>();
      wanted.fieldNames().forEachRemaining(sizes::add);
      for (String size : sizes) {
        int height = Integer.parseInt(size.split("x")[0]);
        int width = Integer.parseInt(size.split("x")[1]);
        if (wanted.get(size).isArray() && input.allows(height, width)) {
          assertClose(size, scores(network, height, width), wanted.get(size));
          compared++;
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
