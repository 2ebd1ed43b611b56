package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every activation of {@code torch.nn} as PyTorch's exporters write it, {@code
 * make_onnx_activations.py}: its score, and the map of that at the convolution before it.
 */
class OnnxActivationTests {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"opset9", "opset13", "opset17", "new-opset17", "dynamo"})
  void eachComputesWhatPyTorchComputes(String file) {
    JsonNode expected = expected();
    JsonNode names = expected.get("files").get(file);
    String layer = file.equals("dynamo") ? "node_conv2d" : "conv";
    try (Network network = Checkpoints.load(path(file + ".onnx"));
        Trace trace = network.trace(image(), List.of(layer))) {
      double[] scores = trace.logits().toDoubleVector();
      assertThat(scores).hasSize(names.size()).hasSizeGreaterThanOrEqualTo(30);
      for (int score = 0; score < scores.length; score++) {
        String name = names.get(score).asText();
        JsonNode wanted = expected.get("scores").get(name);
        assertClose(name, new double[] {scores[score]}, wanted.get("score"));
        try (INDArray seed = Nd4j.zeros(1, scores.length).putScalar(0, score, 1);
            Gradients gradients = network.backward(trace, seed)) {
          double[] weights = gradients.featureMaps(layer).means(0);
          double[] map = trace.featureMaps(layer).weightedSum(0, weights);
          assertClose(name, map, wanted.get("map"));
        }
      }
    }
  }

  private static void assertClose(String name, double[] found, JsonNode wanted) {
    assertThat(found).as(name).hasSize(Math.max(1, wanted.size()));
    double scale = 0;
    double error = 0;
    for (int i = 0; i < found.length; i++) {
      double value = wanted.isArray() ? wanted.get(i).asDouble() : wanted.asDouble();
      scale = Math.max(scale, Math.abs(value));
      error = Math.max(error, Math.abs(found[i] - value));
    }
    assertThat(error / scale).as(name).isLessThan(TOLERANCE);
  }

  /** The image of {@code make_onnx_activations.py}. */
  private static INDArray image() {
    float[] pixels = new float[3 * 12 * 12];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, new long[] {1, 3, 12, 12}, 'c');
  }

  private static JsonNode expected() {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(path("expected.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(
          OnnxActivationTests.class
              .getResource("/io/camjar/weights/onnx/activations/" + name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
