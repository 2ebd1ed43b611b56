package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Points;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Guided backpropagation: the gradient at the image, with ReLUs that stop negative gradients going
 * back. The map is the sum over colours of its size.
 *
 * <p>Springenberg et al. 2015, arXiv 1412.6806; as pytorch-grad-cam's {@code guided_backprop.py}.
 * Adebayo et al. 2018, arXiv 1810.03292, show that it hardly depends on the network's weights.
 */
final class GuidedBackprop implements CamMethod {
  /** What must be said wherever such an image is shown. */
  static final String CAUTION =
      "guided backpropagation fails the model-randomisation sanity check (arXiv 1810.03292): its"
          + " image hardly changes when the weights are replaced by random ones, so it shows the"
          + " image's edges rather than what the network learned";

  @Override
  public String name() {
    return "guidedbackprop";
  }

  @Override
  public boolean usesGradients() {
    return false; // It runs a backward of its own.
  }

  @Override
  public String onlyLayer() {
    return Points.INPUT;
  }

  @Override
  public Optional<String> caution() {
    return Optional.of(CAUTION);
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    PixelGradient gradient = gradient(subject);
    return new RawMap(gradient.height(), gradient.width(), gradient.magnitude(), gradient);
  }

  /** The guided gradient of the score. */
  static PixelGradient gradient(Subject subject) {
    float[] slope = subject.score().gradient(subject.logits());
    Request guided = Request.of(List.of(Points.INPUT)).withGuidedBackprop();
    try (Trace trace = subject.network().trace(subject.input(), guided);
        INDArray seed = HostCopy.array(slope, 1, slope.length);
        Gradients gradients = subject.network().backward(trace, seed)) {
      return new PixelGradient(
          (int) subject.input().size(1),
          subject.inputHeight(),
          subject.inputWidth(),
          HostCopy.floats(gradients.get(Points.INPUT)));
    }
  }
}
