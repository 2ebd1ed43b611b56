package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Single nodes, {@code make_onnx_nodes.py}, and a few in a row, {@code make_onnx_graphs.py},
 * against what ONNX Runtime 1.29 computes: the defaults of attributes, and the forms that operators
 * had in older operator sets.
 */
class OnnxNodeTests {
  private static final String FOLDER = "/io/camjar/weights/onnx/nodes/";
  private static final double TOLERANCE = 2e-6;

  static List<String> nodes() {
    List<String> names = new ArrayList<>();
    expected().fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void aNodeComputesWhatOnnxRuntimeComputes(String name) {
    JsonNode wanted = expected().get(name);
    try (Network network = Checkpoints.load(path(name + ".onnx"));
        INDArray image = image(network.architecture().inputSize().height());
        INDArray scores = network.forward(image)) {
      float[] found = scores.ravel().toFloatVector();
      assertThat(found).hasSize(wanted.size());
      for (int i = 0; i < found.length; i++) {
        double value = wanted.get(i).asDouble();
        double error = Math.abs(found[i] - value) / Math.max(1, Math.abs(value));
        assertThat(error).as("element %d, %s for %s", i, found[i], value).isLessThan(TOLERANCE);
      }
    }
  }

  /** The image of OnnxRuntimeAnswers. */
  private static INDArray image(int height) {
    int width = height == 7 ? 6 : 2;
    float[] pixels = new float[4 * height * width];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, new long[] {1, 4, height, width}, 'c');
  }

  private static JsonNode expected() {
    try (InputStream in = OnnxNodeTests.class.getResourceAsStream(FOLDER + "expected.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(OnnxNodeTests.class.getResource(FOLDER + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
