package io.camjar.gradcam.method;

/**
 * Eigen-CAM: the activations projected on their first principal component. Not
 * class-discriminative.
 *
 * <p>Muhammad and Yeasin 2020, arXiv 2008.00299; as pytorch-grad-cam's {@code eigen_cam.py}, but
 * with the sign of {@link FirstComponent}.
 */
final class EigenCam implements ClassBlindCam {
  @Override
  public String name() {
    return "eigencam";
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    return RawMap.of(sample, FirstComponent.project(sample.activations(), sample.channels()));
  }
}
