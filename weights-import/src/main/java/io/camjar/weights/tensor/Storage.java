package io.camjar.weights.tensor;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A run of elements that one or several tensors look at.
 *
 * @param dtype the type of its elements
 * @param order the byte order of its elements
 * @param bytes exactly its elements' bytes
 */
public record Storage(DType dtype, ByteOrder order, ByteRegion bytes) {

  /** A little-endian storage, as nearly every file has it. */
  public static Storage littleEndian(DType dtype, ByteRegion bytes) {
    return new Storage(dtype, ByteOrder.LITTLE_ENDIAN, bytes);
  }

  /** How many elements there are. */
  public long elements() {
    return bytes.size() / dtype.bytes();
  }

  /** The same bytes looked at as elements of another type. */
  public Storage as(DType other) {
    return other == dtype ? this : new Storage(other, order, bytes);
  }

  /** A view from element {@code index} on, in this storage's byte order, at least one element. */
  ByteBuffer span(long index) {
    return bytes.span(index * dtype.bytes()).order(order);
  }
}
