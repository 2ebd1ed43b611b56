package io.camjar.weights.module;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors that are computed from others and not read from a file. */
final class FloatTensor {
  private FloatTensor() {}

  /**
   * A tensor's values.
   *
   * @throws Malformed if it claims more elements than the file holds, as an expanded view may
   */
  static float[] values(TensorEntry tensor) {
    if (tensor.elements() > tensor.storage().elements()) {
      throw new Malformed(
          "has '" + tensor.name() + "' as an expanded view, from which camjar computes nothing",
          "save a copy of it with tensor.contiguous()");
    }
    return tensor.toFloats();
  }

  /** A float32 tensor of these values in row-major order, rounded to the nearest. */
  static TensorEntry of(String name, double[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return TensorEntry.contiguous(
        name, Storage.littleEndian(DType.FLOAT32, ByteRegion.wrap(bytes.array())), shape);
  }
}
