package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vectors along an axis divided by their length, {@code x / max(|x|, eps)}; PyTorch's {@code
 * normalize}.
 *
 * @param axis counted from the end where it is negative
 * @param eps the shortest length that is divided by
 */
public record L2Normalize(int axis, double eps) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Axis.number(this, path, axis, Op.same(inputs));
    return Op.same(inputs);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] y = HostCopy.doubles(x);
    Axis along = Axis.of(Shape.of(x), axis);
    for (int row = 0; row < along.rows(); row++) {
      double length = Math.max(Math.sqrt(product(y, y, along, row)), eps);
      int at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        y[at] /= length;
      }
    }
    return HostCopy.array(y, x.dataType(), x.shape());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    double[] x = HostCopy.doubles(frame.input());
    double[] d = HostCopy.doubles(dy);
    Axis along = Axis.of(Shape.of(dy), axis);
    for (int row = 0; row < along.rows(); row++) {
      double length = Math.sqrt(product(x, x, along, row));
      double towards = length < eps ? 0 : product(d, x, along, row) / (length * length);
      int at = along.start(row);
      for (int j = 0; j < along.length(); j++, at += along.inner()) {
        d[at] = (d[at] - towards * x[at]) / Math.max(length, eps);
      }
    }
    frame.inputGradient(0, HostCopy.array(d, dy.dataType(), dy.shape()));
  }

  private static double product(double[] a, double[] b, Axis along, int row) {
    double sum = 0;
    int at = along.start(row);
    for (int j = 0; j < along.length(); j++, at += along.inner()) {
      sum += a[at] * b[at];
    }
    return sum;
  }
}
