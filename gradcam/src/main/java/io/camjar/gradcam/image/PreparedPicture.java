package io.camjar.gradcam.image;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an input that came prepared looks like, made when somebody first looks: many who explain
 * such inputs want maps alone, and for them it would take longer than the map.
 */
public final class PreparedPicture implements Supplier<RgbImage> {
  private final Preset preset;
  private final int height;
  private final int width;
  private float @Nullable [] values;
  private @Nullable RgbImage picture;

  /**
   * The picture of an input.
   *
   * @param values normalised samples, {@code [channels][height][width]} flattened; taken over
   */
  public PreparedPicture(Preset preset, float[] values, int height, int width) {
    this.preset = preset;
    this.values = values;
    this.height = height;
    this.width = width;
  }

  @Override
  public synchronized RgbImage get() {
    RgbImage made = picture;
    if (made == null) {
      made = preset.picture(Objects.requireNonNull(values), height, width);
      picture = made;
      values = null;
    }
    return made;
  }
}
