package io.camjar.gradcam.flow;

import io.camjar.engine.statistics.Summary;
import org.jspecify.annotations.Nullable;

/**
 * What flows through one point.
 *
 * @param path the point's path; for a part of a residual block that of the addition that ends it
 *     and {@code .branch} or {@code .shortcut}
 * @param kind the layer's class, such as {@code Conv2d}; {@code Branch} or {@code Shortcut}
 * @param value which value of the graph it is: points that name one value have equal statistics
 * @param activation of the point's output; of a part of a block, what it adds to the sum
 * @param gradient with respect to the output; of a part of a block, what reaches the block's start
 *     through it; null where no gradient comes
 */
public record FlowPoint(
    String path, String kind, int value, Summary activation, @Nullable Summary gradient) {
  /** The kind of the branch of a residual block. */
  public static final String BRANCH = "Branch";

  /** The kind of the shortcut of a residual block. */
  public static final String SHORTCUT = "Shortcut";

  /** Whether it is a part of a residual block, not a point of its own. */
  public boolean isPart() {
    return kind.equals(BRANCH) || kind.equals(SHORTCUT);
  }
}
