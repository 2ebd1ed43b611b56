package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Trace;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code LRN} by an even number of channels, which ONNX Runtime refuses: by the sums that ONNX's
 * definition of it gives.
 */
class EvenResponseNormTests {
  private static final double ALPHA = 0.4;

  /** {@code [c - floor((size - 1) / 2), c + ceil((size - 1) / 2)]} are the neighbours of c. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 6})
  void ofAnEvenNumberOneMoreIsBehind(int size) {
    int channels = 3;
    float[] x = new float[channels * 64];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7919 % 101 - 50) / 25f;
    }
    float[] found = normed(size, Nd4j.create(x, new long[] {1, channels, 8, 8}, 'c'));
    for (int i = 0; i < x.length; i++) {
      int c = i / 64;
      double squares = 0;
      for (int n = c - (size - 1) / 2; n <= c + size / 2; n++) {
        squares += n < 0 || n >= channels ? 0 : Math.pow(x[n * 64 + i % 64], 2);
      }
      double wanted = x[i] / Math.pow(1 + ALPHA / size * squares, 0.75);
      assertThat((double) found[i]).isCloseTo(wanted, within(1e-6));
    }
  }

  private static float[] normed(int size, INDArray image) {
    OnnxAttribute alpha = new OnnxAttribute.Real((float) ALPHA);
    OnnxAttribute channels = new OnnxAttribute.Int(size);
    OnnxNode norm =
        new OnnxNode(
            "norm",
            "LRN",
            "",
            List.of("x"),
            List.of("norm"),
            Map.of("size", channels, "alpha", alpha));
    OnnxNetwork model =
        new SmallModel()
            .nodes(norm)
            .classifier("scores", "norm", 3, 2)
            .output("scores", 2)
            .network();
    Map<String, INDArray> weights = new HashMap<>();
    model.parameters().entries().forEach(w -> weights.put(w.name(), w.toArray()));
    try (Network network = Network.of(model.architecture(), Parameters.of(weights));
        Trace trace = network.trace(image, List.of("norm"))) {
      return HostCopy.floats(trace.activation("norm"));
    }
  }
}
