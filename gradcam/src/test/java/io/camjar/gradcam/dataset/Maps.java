package io.camjar.gradcam.dataset;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.render.ScaledMap;
import org.jspecify.annotations.Nullable;

/** Maps of made-up images. */
final class Maps {
  static final ClassLabel CHURCH = new ClassLabel(4, "church");
  static final ClassLabel HORN = new ClassLabel(5, "French horn");

  private Maps() {}

  /** A map of 7 x 7 cells that shows one of them, with a little of its neighbours. */
  static ScaledMap spot(int row, int column) {
    float[] values = new float[49];
    for (int i = 0; i < values.length; i++) {
      int far = Math.max(Math.abs(i / 7 - row), Math.abs(i % 7 - column));
      values[i] = far == 0 ? 1 : far == 1 ? 0.3f : 0;
    }
    return new ScaledMap(7, 7, values);
  }

  /** An image that is taken for a church. */
  static ImageMap church(String name, @Nullable ClassLabel actual, ScaledMap map) {
    return new ImageMap(
        name,
        new Prediction(CHURCH, 2, 0.9),
        actual,
        MapGrid.mass(map) > 0 ? MapStatus.OK : MapStatus.NO_POSITIVE_EVIDENCE,
        Box.whole(7, 7),
        map);
  }
}
