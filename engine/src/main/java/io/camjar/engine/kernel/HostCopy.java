package io.camjar.engine.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk copies between ND4J's off-heap arrays and Java arrays.
 *
 * <p>One call a tensor: reading element by element through ND4J is several hundred times slower. On
 * ND4J's CUDA backend an array has memory on the card and on the host, of which one is the newer:
 * it is asked for the host's before it is read, and told when that was written.
 *
 * <p>An array that is closed is refused by an {@link IllegalStateException}.
 */
public final class HostCopy {
  /** Bytes of all {@link HostFloats} that are neither closed nor collected. */
  static final AtomicLong HELD = new AtomicLong();

  private HostCopy() {}

  /** The values in c order as floats; float arrays only. */
  public static float[] floats(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    floats(array, values);
    return values;
  }

  /** As the other, into an array that is long enough. */
  public static void floats(INDArray array, float[] values) {
    requireType(array, DataType.FLOAT);
    INDArray plain = plain(array);
    FloatPointer pointer = new FloatPointer(read(plain));
    pointer.get(values, 0, Math.toIntExact(array.length()));
    closeCopy(plain, array);
  }

  /** As the other, some of the values: {@code count} from {@code from}, at the same places. */
  public static void floats(INDArray array, int from, int count, float[] values) {
    requireType(array, DataType.FLOAT);
    INDArray plain = plain(array);
    new FloatPointer(read(plain)).position(from).get(values, from, count);
    closeCopy(plain, array);
  }

  /** Whether arrays lie in the host's memory alone; asked for once ND4J has started. */
  private static final class Backend {
    static final boolean ON_HOST =
        Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
  }

  /**
   * A new float array of this shape, to be filled through {@link #buffer}; what it holds is not
   * defined.
   */
  public static INDArray uninitialized(long... shape) {
    boolean plain = shape.length > 0 && Backend.ON_HOST;
    for (long size : shape) {
      plain &= size > 0;
    }
    INDArray array = plain ? HostFloats.array(shape) : null;
    return array != null ? array : Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
  }

  /**
   * Bytes of all arrays that were made here and are neither closed nor collected, on ND4J's CPU
   * backend; libnd4j's counters do not see them.
   */
  public static long bytesHeld() {
    return HELD.get();
  }

  /** The memory of an array that was made here; valid until the array is closed. */
  public static FloatBuffer buffer(INDArray array) {
    requireType(array, DataType.FLOAT);
    return new FloatPointer(written(array)).capacity(array.length()).asBuffer();
  }

  /**
   * The values of a float array in c order, to be read: its own memory where it lies so, valid
   * until the array is closed, else a copy.
   */
  public static FloatBuffer readable(INDArray array) {
    requireType(array, DataType.FLOAT);
    return isPlain(array) ? buffer(array) : FloatBuffer.wrap(floats(array));
  }

  /** The values in c order as doubles; float and double arrays. */
  public static double[] doubles(INDArray array) {
    if (array.dataType() == DataType.FLOAT) {
      float[] floats = floats(array);
      double[] values = new double[floats.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
      return values;
    }
    requireType(array, DataType.DOUBLE);
    double[] values = new double[Math.toIntExact(array.length())];
    INDArray plain = plain(array);
    DoublePointer pointer = new DoublePointer(read(plain));
    pointer.get(values);
    closeCopy(plain, array);
    return values;
  }

  /** A new float array of this shape. */
  public static INDArray array(float[] values, long... shape) {
    INDArray array = uninitialized(shape);
    new FloatPointer(written(array)).put(values);
    return array;
  }

  /** A new array of this shape, float or double; floats are rounded once. */
  public static INDArray array(double[] values, DataType type, long... shape) {
    if (type == DataType.FLOAT) {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return array(floats, shape);
    }
    INDArray array = Nd4j.createUninitialized(type, shape, 'c');
    new DoublePointer(written(array)).put(values);
    return array;
  }

  /** The host's memory of an array, as new as the device's; ND4J gives that of a closed one too. */
  private static Pointer read(INDArray array) {
    requireOpen(array);
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    return array.data().addressPointer();
  }

  /** The same, which from now on is the newer: a device copies it when it computes with it. */
  private static Pointer written(INDArray array) {
    Pointer memory = read(array);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    return memory;
  }

  /** The array itself if its memory is its values in c order, else a copy that is. */
  private static INDArray plain(INDArray array) {
    requireOpen(array);
    return isPlain(array) ? array : array.dup('c');
  }

  private static boolean isPlain(INDArray array) {
    return array.ordering() == 'c'
        && array.offset() == 0
        && array.elementWiseStride() == 1
        && !array.isView();
  }

  private static void closeCopy(INDArray plain, INDArray original) {
    if (plain != original) {
      plain.close();
    }
  }

  private static void requireOpen(INDArray array) {
    if (array.wasClosed()) {
      throw new IllegalStateException(
          "an array of shape %s was used after it was closed"
              .formatted(Arrays.toString(array.shape())));
    }
  }

  private static void requireType(INDArray array, DataType type) {
    if (array.dataType() != type) {
      throw new IllegalArgumentException(
          "expected a " + type + " array, found " + array.dataType());
    }
  }
}
