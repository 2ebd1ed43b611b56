package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code exp(x)} divided by its sum along an axis; the gradient is {@code y (dy - sum(dy y))}.
 *
 * @param axis counted from the end where it is negative
 */
public record Softmax(int axis) implements Op {

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
      double logSum = LogSoftmax.logSum(y, along, row);
      int at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        y[at] = Math.exp(y[at] - logSum);
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
        sum += d[at] * y[at];
      }
      at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        d[at] = y[at] * (d[at] - sum);
      }
    }
    frame.inputGradient(0, HostCopy.array(d, dy.dataType(), dy.shape()));
  }
}
