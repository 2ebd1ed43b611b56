package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code x} where it is positive, else {@code weight x} with a learned weight (He et al., arXiv
 * 1502.01852).
 *
 * @param weights one for all, or one for each channel, which is the second side
 */
public record PReLU(int weights) implements Op {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (weights != 1 && (x.rank() < 2 || x.side(1) != weights)) {
      throw mismatch(path, "[N, %d, ...]".formatted(weights), x);
    }
    return x;
  }

  @Override
  public List<Param> parameters() {
    return List.of(Param.learned("weight", weights));
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] weight = HostCopy.doubles(frame.parameter("weight"));
    double[] y = HostCopy.doubles(x);
    int each = each(Shape.of(x));
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] > 0 ? y[i] : weight[i / each % weights] * y[i];
    }
    return HostCopy.array(y, x.dataType(), x.shape());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    double[] weight = HostCopy.doubles(frame.parameter("weight"));
    double[] dWeight = new double[weights];
    double[] x = HostCopy.doubles(frame.input());
    double[] d = HostCopy.doubles(dy);
    int each = each(Shape.of(dy));
    for (int i = 0; i < d.length; i++) {
      if (!(x[i] > 0)) {
        int channel = i / each % weights;
        dWeight[channel] += d[i] * x[i];
        d[i] *= weight[channel];
      }
    }
    if (frame.wantsParameters()) {
      frame.parameterGradient("weight", HostCopy.array(dWeight, dy.dataType(), weights));
    }
    if (frame.wantsInput(0)) {
      frame.inputGradient(0, HostCopy.array(d, dy.dataType(), dy.shape()));
    }
  }

  /** How many numbers in a row share a weight. */
  private int each(Shape x) {
    return weights == 1 ? 1 : Axis.of(x, 1).inner();
  }
}
