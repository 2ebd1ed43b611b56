package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.run.Trace;
import io.camjar.gradcam.MapOptions.Kept;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps of a layer whose channels come last, as in what Keras exports. */
class ChannelsLastTests {
  private static final class ChannelsLast implements Architecture {
    @Override
    public String name() {
      return "channels last";
    }

    @Override
    public int inChannels() {
      return 3;
    }

    @Override
    public int classes() {
      return 10;
    }

    @Override
    public String headLabel() {
      return "";
    }

    @Override
    public InputSize inputSize() {
      return InputSize.only(8, 8);
    }

    @Override
    public List<String> blocks() {
      return List.of("relu");
    }

    @Override
    public List<String> children() {
      return blocks();
    }

    @Override
    public Optional<PatchGrid> patches(String path) {
      return path.equals("relu") ? Optional.of(new PatchGrid(0, 8, 8)) : Optional.empty();
    }

    @Override
    public Graph graph() {
      GraphBuilder graph = new GraphBuilder();
      Conv2d conv = new Conv2d(Conv2dGeometry.square(3, 5, 3, 1, 1), true);
      int y = graph.op("conv", conv, graph.input(Points.INPUT));
      y = graph.op("last", new Transpose(List.of(0, 2, 3, 1)), y);
      y = graph.op("relu", new ReLU(), y);
      y = graph.op("flat", new Flatten(), y);
      graph.output(Trace.LOGITS, graph.op("fc", new Linear(5 * 8 * 8, 10, true), y));
      return graph.build();
    }
  }

  /** A mean over places is not one over the last two dimensions. */
  @Test
  void gradCamTakesTheMeansOfTheGradientItWouldKeep() {
    try (Network network = Network.of(new ChannelsLast(), new SyntheticParameters());
        INDArray x = SyntheticInput.images("x", 1, 3, 8, 8)) {
      Explainer explainer = Explainer.of(network);
      Explainer keeping = explainer.withOptions(MapOptions.STANDARD.withKept(Kept.GRADIENT));

      float[] map = map(explainer, x);

      assertThat(map).usingComparatorWithPrecision(1e-5f).containsExactly(map(keeping, x));
      assertThat(map).hasSize(64).isNotEqualTo(new float[64]);
    }
  }

  private static float[] map(Explainer explainer, INDArray x) {
    return explainer.explain("x", x, List.of(Target.index(3))).maps().get(0).raw();
  }
}
