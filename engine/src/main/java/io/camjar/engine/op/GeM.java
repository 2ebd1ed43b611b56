package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Generalised mean pooling over the image with a learned exponent (Radenovic et al., arXiv
 * 1711.02512), {@code [N, C, H, W]} to {@code [N, C, 1, 1]}: {@code y = mean(max(x, eps)^p)^(1/p)}.
 *
 * @param eps the smallest number that is raised to a power, positive
 */
public record GeM(double eps) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return PoolShapes.global(this, path, Op.same(inputs));
  }

  @Override
  public List<Param> parameters() {
    return List.of(Param.learned("p", 1));
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape shape = frame.inputShape(0);
    double p = HostCopy.doubles(frame.parameter("p"))[0];
    double[] x = HostCopy.doubles(frame.input());
    int each = shape.at(2) * shape.at(3);
    double[] y = new double[x.length / each];
    for (int c = 0; c < y.length; c++) {
      y[c] = Math.pow(mean(x, c, each, p), 1 / p);
    }
    return HostCopy.array(y, frame.input().dataType(), shape.side(0), shape.side(1), 1, 1);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape shape = frame.inputShape(0);
    double p = HostCopy.doubles(frame.parameter("p"))[0];
    double[] x = HostCopy.doubles(frame.input());
    double[] d = HostCopy.doubles(dy);
    int each = shape.at(2) * shape.at(3);
    double[] dx = new double[x.length];
    double dp = 0;
    for (int c = 0; c < d.length; c++) {
      double mean = mean(x, c, each, p);
      double y = Math.pow(mean, 1 / p);
      double logs = 0;
      for (int i = c * each; i < (c + 1) * each; i++) {
        double z = Math.max(x[i], eps);
        logs += Math.pow(z, p) * Math.log(z);
        dx[i] = x[i] >= eps ? d[c] * y / mean * Math.pow(z, p - 1) / each : 0;
      }
      dp += d[c] * y * (logs / each / (mean * p) - Math.log(mean) / (p * p));
    }
    if (frame.wantsParameters()) {
      frame.parameterGradient("p", HostCopy.array(new double[] {dp}, dy.dataType(), 1));
    }
    if (frame.wantsInput(0)) {
      frame.inputGradient(0, HostCopy.array(dx, dy.dataType(), shape.toArray()));
    }
  }

  private double mean(double[] x, int channel, int each, double p) {
    double sum = 0;
    for (int i = channel * each; i < (channel + 1) * each; i++) {
      sum += Math.pow(Math.max(x[i], eps), p);
    }
    return sum / each;
  }
}
