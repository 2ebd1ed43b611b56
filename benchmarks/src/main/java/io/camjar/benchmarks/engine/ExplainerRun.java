package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.method.CamMethods;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An image in, the raw map of the default layer by some method out. */
final class ExplainerRun extends NetworkRun {
  private final Explainer explainer;

  ExplainerRun(Network network, INDArray pictures, String method) {
    super(network, pictures);
    this.explainer = Explainer.of(network).withMethod(CamMethods.named(method));
  }

  @Override
  public float[] answer() {
    return explainer
        .explain("benchmark", pictures, List.of(Target.index(Task.EXPLAINED_CLASS)))
        .maps()
        .get(0)
        .raw();
  }

  @Override
  public void run() {
    answer();
  }
}
