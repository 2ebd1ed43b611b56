package io.camjar.weights.tensor;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tensors for tests. */
public final class Tensors {
  private Tensors() {}

  /** A storage of floats. */
  public static Storage floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return Storage.littleEndian(DType.FLOAT32, ByteRegion.wrap(bytes.array()));
  }

  /** A tensor of any shape that repeats one value, and so takes no memory. */
  public static TensorEntry repeated(String name, long... shape) {
    return new TensorEntry(name, floats(1), 0, shape, new long[shape.length]);
  }

  /** Such tensors for every name. */
  public static StateDict repeated(Map<String, long[]> shapes) {
    List<TensorEntry> tensors = new ArrayList<>();
    shapes.forEach((name, shape) -> tensors.add(repeated(name, shape)));
    return StateDict.of(tensors);
  }
}
