package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.gradcam.MapOptions.Kept;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps of a layer whose channels come last, as Keras exports them. */
class ChannelsLastTests {
  private static SmallModel model() {
    Map<String, OnnxAttribute> channelsLast =
        Map.of("perm", new OnnxAttribute.Ints(List.of(0L, 2L, 3L, 1L)));
    return new SmallModel()
        .conv("c", "x")
        .nodes(new OnnxNode("t", "Transpose", "", List.of("c"), List.of("t"), channelsLast))
        .node("Relu", "r", "t")
        .node("Flatten", "f", "r")
        .classifier("logits", "f", 192, 10)
        .output("logits", 10);
  }

  /** A mean over places is not one over the last two dimensions. */
  @Test
  void gradCamTakesTheMeansOfTheGradientItWouldKeep() {
    try (Network network = Network.of(model().network().architecture(), new SyntheticParameters());
        INDArray x = SyntheticInput.images("x", 1, 3, 8, 8)) {
      Explainer explainer = Explainer.of(network);
      Explainer keeping = explainer.withOptions(MapOptions.STANDARD.withKept(Kept.GRADIENT));

      float[] map = map(explainer, x);

      assertThat(map).usingComparatorWithPrecision(1e-5f).containsExactly(map(keeping, x));
      assertThat(map)
          .usingComparatorWithPrecision(1e-7f)
          .startsWith(3.59151e-3f, 9.59719e-4f, 1.624012e-2f);
    }
  }

  private static float[] map(Explainer explainer, INDArray x) {
    return explainer.explain("x", x, List.of(Target.index(3))).maps().get(0).raw();
  }
}
