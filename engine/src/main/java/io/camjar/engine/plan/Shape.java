package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Blocked.Halo;

/**
 * The shape of a value: pictures {@code [batch, channels, height, width]}, or features, which are
 * one image of one row with a column for each of the batch.
 */
record Shape(int batch, int channels, int height, int width, boolean features) {

  static Shape features(int batch, int channels) {
    return new Shape(1, channels, 1, batch, true);
  }

  Shape withChannels(int count, int newHeight, int newWidth) {
    return new Shape(batch, count, newHeight, newWidth, features);
  }

  Blocked zeros(Halo halo) {
    return Blocked.zeros(batch, channels, height, width, halo);
  }

  Blocked picture(Halo halo) {
    return Blocked.picture(batch, channels, height, width, halo);
  }

  /** The shape as ND4J sees it. */
  long[] array() {
    return features ? new long[] {width, channels} : new long[] {batch, channels, height, width};
  }
}
