package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Local response normalisation over neighbouring channels (Krizhevsky et al. 2012): {@code y = x /
 * (k + alpha mean(x^2))^beta}, the mean over {@code size} channels around each, those outside as
 * zeros. PyTorch's and ONNX's formula.
 *
 * @param size channels of the mean; {@code size / 2} of them lie before
 * @param alpha factor of the mean
 * @param beta exponent
 * @param k what is added
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() < 3) {
      throw mismatch(path, "[N, C, ...]", x);
    }
    return x;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    Axis channels = Axis.of(frame.inputShape(0), 1);
    double[] x = HostCopy.doubles(frame.input());
    double[] base = base(x, channels);
    for (int i = 0; i < x.length; i++) {
      x[i] *= Math.pow(base[i], -beta);
    }
    return HostCopy.array(x, frame.input().dataType(), frame.input().shape());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Axis channels = Axis.of(frame.inputShape(0), 1);
    double[] x = HostCopy.doubles(frame.input());
    double[] base = base(x, channels);
    double[] d = HostCopy.doubles(dy);
    double[] dx = new double[d.length];
    for (int row = 0; row < channels.rows(); row++) {
      int start = channels.start(row);
      for (int c = 0; c < channels.length(); c++) {
        int at = start + c * channels.inner();
        double power = Math.pow(base[at], -beta);
        dx[at] += d[at] * power;
        // dy/dx of every channel under the mean.
        double shared = -2 * alpha / size * beta * d[at] * x[at] * power / base[at];
        for (int other = first(c); other < end(c, channels); other++) {
          int index = start + other * channels.inner();
          dx[index] += shared * x[index];
        }
      }
    }
    frame.inputGradient(0, HostCopy.array(dx, dy.dataType(), dy.shape()));
  }

  private double[] base(double[] x, Axis channels) {
    double[] base = new double[x.length];
    for (int row = 0; row < channels.rows(); row++) {
      int start = channels.start(row);
      for (int c = 0; c < channels.length(); c++) {
        double squares = 0;
        for (int other = first(c); other < end(c, channels); other++) {
          double value = x[start + other * channels.inner()];
          squares += value * value;
        }
        base[start + c * channels.inner()] = k + alpha * squares / size;
      }
    }
    return base;
  }

  private int first(int channel) {
    return Math.max(0, channel - size / 2);
  }

  private int end(int channel, Axis channels) {
    return Math.min(channels.length(), channel - size / 2 + size);
  }
}
