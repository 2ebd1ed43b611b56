package io.camjar.engine.parameter;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter: an array, or where its numbers are read from until somebody asks for the array.
 * Shared by threads.
 */
final class ParameterSlot {
  private final String name;
  private final long[] shape;
  private final DataType type;
  private @Nullable ParameterSource source;
  private @Nullable INDArray array;
  private boolean closed;

  ParameterSlot(String name, INDArray array) {
    this.name = name;
    this.shape = array.shape();
    this.type = array.dataType();
    this.array = array;
  }

  ParameterSlot(String name, ParameterSource source, long... shape) {
    this.name = name;
    this.shape = shape.clone();
    this.type = DataType.FLOAT;
    this.source = source;
  }

  DataType type() {
    return type;
  }

  int length() {
    long length = 1;
    for (long side : shape) {
      length = Math.multiplyExact(length, side);
    }
    return Math.toIntExact(length);
  }

  /** Bytes of the array, 0 if there is none. */
  synchronized long bytes() {
    return array == null || closed ? 0 : array.length() * type.width();
  }

  /** The array. It stays from now on: whoever has it may change it. */
  synchronized INDArray array() {
    requireOpen();
    INDArray found = array;
    if (found == null) {
      found = HostCopy.uninitialized(shape);
      try {
        Objects.requireNonNull(source).read(HostCopy.buffer(found));
      } catch (RuntimeException e) {
        found.close();
        throw e;
      }
      array = found;
      source = null;
    }
    return found;
  }

  /** Copies the numbers to the front of an array that is long enough. */
  synchronized void copyTo(float[] values) {
    requireOpen();
    if (array != null) {
      HostCopy.floats(array, values);
    } else {
      Objects.requireNonNull(source).read(FloatBuffer.wrap(values, 0, length()));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new CamjarException(
          "the network of the parameter %s is closed and its parameters are freed".formatted(name));
    }
  }

  synchronized void close() {
    closed = true;
    source = null;
    if (array != null) {
      array.close();
    }
  }
}
