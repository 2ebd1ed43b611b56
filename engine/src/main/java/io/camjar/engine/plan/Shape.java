package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of a value: pictures {@code [batch, channels, height, width]}, or features, which are
 * one image of one row with a column for each of the batch.
 */
record Shape(int batch, int channels, int height, int width, boolean features) {

  /** The shape of pictures. */
  static Shape of(INDArray x) {
    return new Shape((int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), false);
  }

  static Shape features(int batch, int channels) {
    return new Shape(1, channels, 1, batch, true);
  }

  Shape withChannels(int count, int newHeight, int newWidth) {
    return new Shape(batch, count, newHeight, newWidth, features);
  }

  /** What values of one layout have in common. */
  long size() {
    return ((long) height << Integer.SIZE) | width;
  }

  /** Values of a channel. */
  double perChannel() {
    return (double) batch * height * width;
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
