package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.op.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A shape in blocks: images {@code [batch, channels, height, width]}, or features, which are one
 * image of one row with a column for each of the batch.
 */
record BlockedShape(int batch, int channels, int height, int width, boolean features) {

  /** The shape of images. */
  static BlockedShape of(INDArray x) {
    return of(Shape.of(x), false);
  }

  /** The shape of a value; features are {@code [N, F]} or {@code [N, F, 1, 1]}. */
  static BlockedShape of(Shape shape, boolean features) {
    return features
        ? new BlockedShape(1, shape.at(1), 1, shape.at(0), true)
        : new BlockedShape(shape.at(0), shape.at(1), shape.at(2), shape.at(3), false);
  }

  BlockedShape withChannels(int count, int newHeight, int newWidth) {
    return new BlockedShape(batch, count, newHeight, newWidth, features);
  }

  /** What values of one layout have in common. */
  long size() {
    return ((long) height << Integer.SIZE) | width;
  }

  /** Values of a channel. */
  double perChannel() {
    return (double) batch * height * width;
  }

  BlockedTensor zeros(Halo halo) {
    return BlockedTensor.zeros(batch, channels, height, width, halo);
  }

  BlockedTensor picture(Halo halo) {
    return BlockedTensor.picture(batch, channels, height, width, halo);
  }
}
