package io.camjar.weights.tensor;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.weights.bytes.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One tensor of a file: a strided view of a storage that is read only when asked for.
 *
 * <p>Immutable; checked on construction so that every element lies inside the storage.
 */
public final class TensorEntry {
  private static final int MAX_RANK = 32;

  private static final int EXPONENT = 0x7f800000;

  private final String name;
  private final long[] shape;
  private final long[] strides;
  private final long offset;
  private final Storage storage;
  private final long elements;

  /**
   * Creates a view.
   *
   * @param shape sizes, outermost first; empty for a 0-dimensional tensor
   * @param strides elements between neighbours along each dimension, 0 where a value is repeated
   * @param offset the first element's index in the storage
   * @throws Malformed if an element would lie outside the storage
   */
  public TensorEntry(String name, Storage storage, long offset, long[] shape, long[] strides) {
    this.name = name;
    this.storage = storage;
    this.offset = offset;
    this.shape = shape.clone();
    this.strides = strides.clone();
    this.elements = checkedElements();
  }

  /** A row-major tensor that fills its storage. */
  public static TensorEntry contiguous(String name, Storage storage, long... shape) {
    return new TensorEntry(name, storage, 0, shape, Shapes.rowMajorStrides(shape));
  }

  /** The name as the file has it, or as it was mapped. */
  public String name() {
    return name;
  }

  /** The sizes, outermost first; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The size of dimension {@code d}. */
  public long size(int d) {
    return shape[d];
  }

  /** The element type in the file. */
  public DType dtype() {
    return storage.dtype();
  }

  /** The number of elements. */
  public long elements() {
    return elements;
  }

  /** Whether elements lie in the file in row-major order without gaps. */
  public boolean isContiguous() {
    long expected = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (shape[d] != 1 && strides[d] != expected) {
        return elements == 0;
      }
      expected *= shape[d];
    }
    return true;
  }

  /** The same tensor under another name. */
  public TensorEntry named(String other) {
    return other.equals(name) ? this : new TensorEntry(other, storage, offset, shape, strides);
  }

  /** How many elements of the storage lie between neighbours along dimension {@code d}. */
  public long stride(int d) {
    return strides[d];
  }

  /** The first element's index in the storage. */
  public long offset() {
    return offset;
  }

  /** The storage it looks at. */
  public Storage storage() {
    return storage;
  }

  /**
   * The values as a new float32 array in c order, owned by the caller.
   *
   * @return an array of {@link #shape()}; 0-dimensional tensors become scalars
   */
  public INDArray toArray() {
    if (elements == 0) {
      return Nd4j.empty(DataType.FLOAT);
    }
    INDArray array = shape.length == 0 ? Nd4j.scalar(0f) : HostCopy.uninitialized(shape.clone());
    ByteBuffer memory = array.data().asNio().order(ByteOrder.nativeOrder());
    if (!reader().copyFloatsTo(memory)) {
      copyTo(memory.asFloatBuffer());
    }
    return array;
  }

  /**
   * The values as floats in row-major order.
   *
   * @throws Malformed if they are more than one array can hold
   */
  public float[] toFloats() {
    if (elements > Integer.MAX_VALUE - 8) {
      throw new Malformed(
          "has a tensor '" + name + "' of " + elements + " elements, more than one array can hold",
          "read it in parts");
    }
    float[] values = new float[(int) elements];
    copyTo(FloatBuffer.wrap(values));
    return values;
  }

  /** Puts all values, as floats in row-major order, into {@code out} from its position on. */
  public void copyTo(FloatBuffer out) {
    reader().copyTo(out);
  }

  /** Writes all elements in row-major order as they are, little-endian, in this type. */
  public void copyBytesTo(ByteSink out) throws IOException {
    reader().copyBytesTo(out);
  }

  /** Whether all values are finite numbers. */
  public boolean isFinite() {
    boolean[] finite = {true};
    if (dtype() == DType.FLOAT32) {
      forEachFloats(
          floats -> {
            while (finite[0] && floats.hasRemaining()) {
              finite[0] = Float.isFinite(floats.get());
            }
          });
    } else if (dtype().isFloating()) {
      forEach(value -> finite[0] &= Double.isFinite(value));
    }
    return finite[0];
  }

  /** Whether all values are finite numbers as float32, in which large ones are infinite. */
  public boolean isFiniteAsFloat() {
    int[] found = {0};
    if (dtype() == DType.FLOAT32) {
      forEachFloats(floats -> found[0] |= nonFinite(floats));
    } else {
      forEach(value -> found[0] |= nonFinite((float) value));
    }
    return found[0] == 0;
  }

  private static int nonFinite(FloatBuffer floats) {
    int found = 0;
    for (int i = floats.position(); i < floats.limit(); i++) {
      found |= nonFinite(floats.get(i));
    }
    return found;
  }

  /** Branch-free: 1 if all bits of the exponent are set. */
  private static int nonFinite(float value) {
    return ((Float.floatToRawIntBits(value) & EXPONENT) - EXPONENT) >>> 31 ^ 1;
  }

  /** Walks all values in row-major order. */
  public void forEach(DoubleConsumer use) {
    reader().forEach(use);
  }

  /** Walks all values of a float32 tensor in row-major order, in buffers. */
  void forEachFloats(Consumer<FloatBuffer> use) {
    reader().forEachFloats(use);
  }

  private ElementReader reader() {
    return new ElementReader(storage, offset, shape, strides);
  }

  @Override
  public String toString() {
    return name + " " + Shapes.toString(shape) + " " + dtype().torchName();
  }

  private long checkedElements() {
    if (shape.length != strides.length || shape.length > MAX_RANK) {
      throw Malformed.damaged(
          "tensor '"
              + name
              + "' has "
              + shape.length
              + " sizes and "
              + strides.length
              + " strides");
    }
    long count = 1;
    long last = offset;
    try {
      boolean empty = Arrays.stream(shape).anyMatch(size -> size == 0);
      for (int d = 0; d < shape.length; d++) {
        if (shape[d] < 0 || strides[d] < 0) {
          throw Malformed.damaged("tensor '" + name + "' has a negative size or stride");
        }
        count = Math.multiplyExact(count, shape[d]);
        if (!empty) {
          last = Math.addExact(last, Math.multiplyExact(shape[d] - 1, strides[d]));
        }
      }
    } catch (ArithmeticException e) {
      throw Malformed.damaged("tensor '" + name + "' has sizes beyond 64 bits");
    }
    if (offset < 0 || (count > 0 && last >= storage.elements())) {
      throw Malformed.damaged(
          "tensor '"
              + name
              + "' "
              + Shapes.toString(shape)
              + " needs element "
              + last
              + " of a storage that has "
              + storage.elements());
    }
    if (count > 0 && StridedLayout.overlaps(shape, strides)) {
      throw Malformed.damaged(
          "tensor '"
              + name
              + "' "
              + Shapes.toString(shape)
              + " has the strides "
              + Shapes.toString(strides)
              + ", under which its elements overlap");
    }
    return count;
  }
}
