package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.op.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A shape in blocks: {@code [batch, channels, height, width]} of images, and what the other forms
 * take for images.
 */
public record BlockedShape(int batch, int channels, int height, int width, Form form) {

  /** The shape of images. */
  public static BlockedShape of(INDArray x) {
    return of(Shape.of(x), Form.IMAGE);
  }

  /** The shape of a value. */
  public static BlockedShape of(Shape shape, Form form) {
    return switch (form) {
      case IMAGE ->
          new BlockedShape(shape.at(0), shape.at(1), shape.at(2), shape.at(3), Form.IMAGE);
      case FEATURES -> new BlockedShape(1, shape.at(1), 1, shape.at(0), Form.FEATURES);
      case TOKENS -> {
        int channels = shape.at(shape.rank() - 1);
        int tokens = shape.at(shape.rank() - 2);
        int batch = Math.toIntExact(shape.length() / ((long) channels * tokens));
        yield new BlockedShape(batch, channels, 1, tokens, Form.TOKENS);
      }
      case CHANNELS_LAST ->
          new BlockedShape(shape.at(0), shape.at(3), shape.at(1), shape.at(2), Form.CHANNELS_LAST);
      case PLAIN -> {
        int length = Math.toIntExact(shape.length());
        int columns = (length + Lanes.BLOCK - 1) / Lanes.BLOCK;
        yield new BlockedShape(1, Lanes.BLOCK, 1, columns, Form.PLAIN);
      }
    };
  }

  /** The same batch and form with other channels, rows and columns. */
  public BlockedShape withChannels(int count, int newHeight, int newWidth) {
    return new BlockedShape(batch, count, newHeight, newWidth, form);
  }

  /** What values of one layout have in common; -1 where there never is a border. */
  public long size() {
    return form == Form.PLAIN ? -1 : ((long) height << Integer.SIZE) | width;
  }

  /** Whether it has one number for each image and channel. */
  public boolean isOnePlace() {
    return form == Form.FEATURES || (height == 1 && width == 1);
  }

  /** Values of a channel. */
  public double perChannel() {
    return (double) batch * height * width;
  }

  /** A tensor of this shape, all 0. */
  public BlockedTensor zeros(Halo halo) {
    return BlockedTensor.zeros(batch, channels, height, width, halo);
  }

  /**
   * Zeros of this shape for a network's input: if there are few channels, a block of just these.
   */
  public BlockedTensor image(Halo halo) {
    return BlockedTensor.image(batch, channels, height, width, halo);
  }
}
