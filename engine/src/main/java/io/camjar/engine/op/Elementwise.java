package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of each number by itself, on tensors of any shape. Computed in double precision and
 * rounded once.
 */
public interface Elementwise extends Op {

  /** The function. */
  double value(double x);

  /** Its derivative, given the argument, or the function's value where it {@link #readsOutput}. */
  double derivative(double at);

  /** Whether the derivative follows from the function's value, so that no input need be kept. */
  default boolean readsOutput() {
    return false;
  }

  @Override
  default Shape output(String path, List<Shape> inputs) {
    return Op.same(inputs);
  }

  @Override
  default Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(readsOutput() ? Reads.OUTPUT : Reads.INPUTS);
  }

  @Override
  default INDArray forward(Frame frame) {
    INDArray x = frame.input();
    if (x.dataType() == DataType.FLOAT) {
      float[] values = HostCopy.floats(x);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) value(values[i]);
      }
      return HostCopy.array(values, x.shape());
    }
    double[] values = HostCopy.doubles(x);
    for (int i = 0; i < values.length; i++) {
      values[i] = value(values[i]);
    }
    return HostCopy.array(values, x.dataType(), x.shape());
  }

  @Override
  default void backward(Frame frame, INDArray dy) {
    INDArray at = readsOutput() ? frame.output() : frame.input();
    frame.inputGradient(0, zip(at, dy, (a, d) -> derivative(a) * d));
  }

  /** A function of two arrays of one shape, number by number. */
  private static INDArray zip(INDArray a, INDArray b, DoubleBinaryOperator function) {
    if (a.dataType() == DataType.FLOAT) {
      float[] left = HostCopy.floats(a);
      float[] right = HostCopy.floats(b);
      for (int i = 0; i < left.length; i++) {
        left[i] = (float) function.applyAsDouble(left[i], right[i]);
      }
      return HostCopy.array(left, a.shape());
    }
    double[] left = HostCopy.doubles(a);
    double[] right = HostCopy.doubles(b);
    for (int i = 0; i < left.length; i++) {
      left[i] = function.applyAsDouble(left[i], right[i]);
    }
    return HostCopy.array(left, a.dataType(), a.shape());
  }
}
