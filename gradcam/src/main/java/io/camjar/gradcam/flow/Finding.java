package io.camjar.gradcam.flow;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a flow.
 *
 * @param kind what
 * @param path where: the point, or where it began
 * @param of whose statistics tell it
 * @param value the figure that crosses the threshold; null where it is not finite
 * @param threshold what the figure is compared with
 * @param points at how many points, each value once, it is so
 * @param note the same in one sentence
 */
public record Finding(
    Kind kind,
    String path,
    Tensor of,
    @Nullable Double value,
    double threshold,
    int points,
    String note) {

  /** What may be wrong. */
  public enum Kind {
    /** Units that are 0 for every image. */
    @JsonProperty("dead")
    DEAD,
    /** A signal much smaller than where it came from. */
    @JsonProperty("vanishing")
    VANISHING,
    /** A signal much larger than where it came from. */
    @JsonProperty("exploding")
    EXPLODING,
    /** NaN or infinity. */
    @JsonProperty("non-finite")
    NON_FINITE;

    /** As records spell it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What flows forward, and what flows back. */
  public enum Tensor {
    /** Values. */
    @JsonProperty("activation")
    ACTIVATION,
    /** Gradients. */
    @JsonProperty("gradient")
    GRADIENT;

    /** As records spell it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
