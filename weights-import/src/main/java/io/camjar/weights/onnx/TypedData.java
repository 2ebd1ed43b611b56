package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor's elements from {@code float_data}, {@code int32_data} and their like, gathered one by
 * one. {@code int32_data} also carries small integers, truth values and the bits of 16-bit floats.
 */
final class TypedData {
  private static final int MAX_BYTES = 1 << 30;

  private final int width;
  private byte[] bytes = new byte[64];
  private int size;

  /**
   * Creates an empty list.
   *
   * @param width bytes kept of each element
   */
  TypedData(int width) {
    this.width = width;
  }

  void add(long bits) {
    if (size + width > bytes.length) {
      if (size > MAX_BYTES) {
        throw new Malformed(
            "has a tensor of more than a gigabyte as single numbers",
            "save it with raw data, as every exporter does by default");
      }
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    for (int i = 0; i < width; i++) {
      bytes[size++] = (byte) (bits >>> 8 * i);
    }
  }

  /** The elements as a storage of that type has them. */
  ByteRegion region(DType dtype) {
    int narrow = dtype.bytes();
    if (narrow == width) {
      return ByteRegion.wrap(Arrays.copyOf(bytes, size));
    }
    if (narrow > width) {
      // Floats given for doubles: no writer does that.
      throw Malformed.damaged("a tensor of " + dtype.torchName() + " has its elements as floats");
    }
    int count = size / width;
    ByteBuffer out = ByteBuffer.allocate(count * narrow).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      out.put(bytes, i * width, narrow);
    }
    return ByteRegion.wrap(out.array());
  }
}
