package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An array's numbers as a Java array of their own type, so that moving them converts nothing. */
final class Numbers {
  private Numbers() {}

  /** A {@code float[]} or {@code double[]} of the numbers in c order. */
  static Object of(INDArray array) {
    return array.dataType() == DataType.FLOAT ? HostCopy.floats(array) : HostCopy.doubles(array);
  }

  /** Zeros of a type. */
  static Object zeros(DataType type, long length) {
    int count = Math.toIntExact(length);
    return type == DataType.FLOAT ? new float[count] : new double[count];
  }

  /** A new array of a {@code float[]} or {@code double[]}. */
  static INDArray array(Object numbers, long... shape) {
    return numbers instanceof float[] floats
        ? HostCopy.array(floats, shape)
        : HostCopy.array((double[]) numbers, DataType.DOUBLE, shape);
  }
}
