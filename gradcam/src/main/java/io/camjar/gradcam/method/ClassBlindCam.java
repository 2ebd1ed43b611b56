package io.camjar.gradcam.method;

import java.util.Optional;

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

  @Override
  default Optional<String> caution() {
    return Optional.of(
        name() + " looks at activations alone, so its map is the same whatever class is asked for");
  }
}
