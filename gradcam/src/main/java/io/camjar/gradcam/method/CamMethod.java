package io.camjar.gradcam.method;

import io.camjar.gradcam.target.Score;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a layer did into one map. Stateless: one object serves all threads. */
public interface CamMethod {
  /** The name on the command line and in records. */
  String name();

  /** Whether it reads gradients; where it does not, no backward is run for it. */
  default boolean usesGradients() {
    return true;
  }

  /** Whether its maps depend on the class that is explained. */
  default boolean classDiscriminative() {
    return true;
  }

  /** The only layer it has a map of, where there is no choice. */
  default @Nullable String onlyLayer() {
    return null;
  }

  /** Whether it asks the network again for every channel of a layer. */
  default boolean asksRepeatedly() {
    return false;
  }

  /** What a reader of its maps must know, in one sentence. */
  default Optional<String> caution() {
    return Optional.empty();
  }

  /**
   * The score whose gradient it reads.
   *
   * @param asked the score to explain
   * @param logits of the picture, one a class
   */
  default Score score(Score asked, float[] logits) {
    return asked;
  }

  /** The signed map, before ReLU and scaling. */
  RawMap map(LayerSample sample, Subject subject);
}
