package io.camjar.gradcam.method;

/**
 * EigenGrad-CAM: gradient times activation, projected on the first principal component.
 *
 * <p>As pytorch-grad-cam's {@code eigen_grad_cam.py}, but with the sign of {@link FirstComponent}.
 */
final class EigenGradCam implements CamMethod {
  private final HiResCam product = new HiResCam();

  @Override
  public String name() {
    return "eigengradcam";
  }

  @Override
  public RawMap map(LayerSample sample, Subject subject) {
    return RawMap.of(
        sample, FirstComponent.project(product.terms(sample, subject), sample.channels()));
  }
}
