package io.camjar.gradcam.method;

/** A method that looks at activations alone: its map is the same whatever class is asked for. */
interface ClassBlindCam extends CamMethod {
  @Override
  default boolean usesGradients() {
    return false;
  }

  @Override
  default boolean classDiscriminative() {
    return false;
  }
}
