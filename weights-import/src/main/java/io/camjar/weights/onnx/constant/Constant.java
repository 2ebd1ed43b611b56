package io.camjar.weights.onnx.constant;

import io.camjar.engine.kernel.Heap;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor that is known when a model is read: a weight, or a number that a shape is computed from.
 *
 * <p>Weights stay slices of their file; whatever is computed from constants is held in memory.
 *
 * @param tensor the tensor; its name means nothing
 */
public record Constant(TensorEntry tensor) {
  /**
   * Elements of a constant that arithmetic may read or make: 16 million, less where the heap is
   * smaller than 2 GiB, since a few such arrays of 8 bytes an element are in memory together.
   */
  public static final int MAX_ELEMENTS = (int) Math.min(1 << 24, Heap.largest() / 128);

  /** Computed floats, kept in single precision as ONNX computes them. */
  public static Constant ofFloats(double[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return of(DType.FLOAT32, bytes, shape);
  }

  /** Computed integers. */
  public static Constant ofIntegers(long[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return of(DType.INT64, bytes, shape);
  }

  /** Computed values, floats or integers. */
  public static Constant of(boolean floating, double[] values, long... shape) {
    return floating
        ? ofFloats(values, shape)
        : ofIntegers(Arrays.stream(values).mapToLong(value -> (long) value).toArray(), shape);
  }

  private static Constant of(DType type, ByteBuffer bytes, long... shape) {
    return new Constant(
        TensorEntry.contiguous(
            "", Storage.littleEndian(type, ByteRegion.wrap(bytes.array())), shape));
  }

  /** The sizes; a copy. */
  public long[] shape() {
    return tensor.shape();
  }

  /** How many axes it has; 0 for a single number. */
  public int rank() {
    return tensor.rank();
  }

  /** How many values it has. */
  public long elements() {
    return tensor.elements();
  }

  /** Whether its values are floats, and neither integers nor truths. */
  public boolean floating() {
    return tensor.dtype().isFloating();
  }

  /**
   * All values in row-major order.
   *
   * @throws Malformed if there are more than shape arithmetic needs
   */
  public double[] values() {
    if (elements() > MAX_ELEMENTS) {
      throw new Malformed(
          "computes with a constant of the shape "
              + Shapes.toString(shape())
              + ", more than camjar computes while it reads",
          "fold the model's constants when you export it");
    }
    double[] values = new double[(int) elements()];
    int[] next = {0};
    tensor.forEach(value -> values[next[0]++] = value);
    return values;
  }

  /** All values as integers. */
  public long[] integers() {
    return Arrays.stream(values()).mapToLong(value -> (long) value).toArray();
  }

  /** The only value. */
  public double scalar() {
    double[] values = values();
    if (values.length != 1) {
      throw Malformed.damaged("a tensor of " + values.length + " values stands for one number");
    }
    return values[0];
  }

  /** The same values in another shape of as many elements. */
  public Constant reshaped(long... shape) {
    if (tensor.isContiguous() && elements() > 0) {
      return new Constant(
          new TensorEntry(
              "", tensor.storage(), tensor.offset(), shape, Shapes.rowMajorStrides(shape)));
    }
    return of(floating(), values(), shape);
  }

  /** The same tensor with its dimensions in another order; reads nothing. */
  public Constant transposed(int... order) {
    long[] shape = new long[order.length];
    long[] strides = new long[order.length];
    for (int d = 0; d < order.length; d++) {
      shape[d] = tensor.size(order[d]);
      strides[d] = tensor.stride(order[d]);
    }
    return new Constant(new TensorEntry("", tensor.storage(), tensor.offset(), shape, strides));
  }

  /** Some places of one axis, from the first on so many, equally far apart; reads nothing. */
  Constant along(int axis, long first, long count, long step) {
    long[] shape = shape();
    long[] strides = new long[shape.length];
    for (int d = 0; d < strides.length; d++) {
      strides[d] = tensor.stride(d);
    }
    long offset = tensor.offset() + first * strides[axis];
    shape[axis] = count;
    strides[axis] *= step;
    return new Constant(new TensorEntry("", tensor.storage(), offset, shape, strides));
  }

  /** Whether both are the same numbers in the same shape. */
  public boolean sameAs(Constant other) {
    return tensor == other.tensor
        || (Arrays.equals(shape(), other.shape())
            && floating() == other.floating()
            && elements() <= MAX_ELEMENTS
            && Arrays.equals(values(), other.values()));
  }
}
