package io.camjar.gradcam.method;

import io.camjar.gradcam.render.MapResize;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.gradcam.scaling.MinMax;
import java.util.Optional;

/**
 * Guided Grad-CAM: guided backpropagation times the Grad-CAM map at the image's resolution.
 *
 * <p>Selvaraju et al. 2017, arXiv 1610.02391, section 3.1; Grad-CAM is scaled as pytorch-grad-cam
 * does, at the layer, enlarged, and once more. It inherits what is wrong with {@link
 * GuidedBackprop}.
 */
final class GuidedGradCam implements CamMethod {
  private final GradCam base = new GradCam();

  @Override
  public String name() {
    return "guidedgradcam";
  }

  @Override
  public Optional<String> caution() {
    return Optional.of(GuidedBackprop.CAUTION);
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    float[] raw = base.map(sample, subject).values();
    float[] scaled = MinMax.scale(MinMax.rectify(raw));
    ScaledMap map = new ScaledMap(sample.height(), sample.width(), scaled);
    float[] mask =
        MinMax.scale(MapResize.bilinear(map, subject.inputHeight(), subject.inputWidth()));
    PixelGradient gradient = GuidedBackprop.gradient(subject).times(mask);
    float[] values = gradient.magnitude();
    for (float value : raw) {
      if (!Float.isFinite(value)) {
        // The mask hides it; the map must not.
        values[0] = Float.NaN;
      }
    }
    return new RawMap(gradient.height(), gradient.width(), values, gradient);
  }
}
