package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logarithm of {@link Softmax}, {@code x - log(sum(exp(x)))}; the gradient is {@code dy -
 * exp(y) sum(dy)}.
 *
 * @param axis counted from the end where it is negative
 */
public record LogSoftmax(int axis) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Axis.number(this, path, axis, Op.same(inputs));
    return Op.same(inputs);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.OUTPUT);
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] y = HostCopy.doubles(x);
    Axis along = Axis.of(Shape.of(x), axis);
    for (int row = 0; row < along.rows(); row++) {
      double logSum = logSum(y, along, row);
      int at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        y[at] -= logSum;
      }
    }
    return HostCopy.array(y, x.dataType(), x.shape());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    double[] y = HostCopy.doubles(frame.output());
    double[] d = HostCopy.doubles(dy);
    Axis along = Axis.of(Shape.of(dy), axis);
    for (int row = 0; row < along.rows(); row++) {
      double sum = 0;
      int at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        sum += d[at];
      }
      at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        d[at] -= Math.exp(y[at]) * sum;
      }
    }
    frame.inputGradient(0, HostCopy.array(d, dy.dataType(), dy.shape()));
  }

  /** {@code log(sum(exp(x)))} of a row, whatever its size: the largest number is taken out. */
  static double logSum(double[] x, Axis along, int row) {
    double most = Double.NEGATIVE_INFINITY;
    int at = along.start(row);
    for (int j = 0; j < along.length(); j++, at += along.inner()) {
      most = Math.max(most, x[at]);
    }
    double sum = 0;
    at = along.start(row);
    for (int j = 0; j < along.length(); j++, at += along.inner()) {
      sum += Math.exp(x[at] - most);
    }
    return most + Math.log(sum);
  }
}
