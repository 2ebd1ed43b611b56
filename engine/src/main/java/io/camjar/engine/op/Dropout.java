package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dropout: evaluating, the identity; training, each value is zeroed with probability {@code p} and
 * the others are multiplied by {@code 1 / (1 - p)}.
 *
 * @param p the probability of being zeroed, at least 0 and below 1
 */
public record Dropout(double p) implements Op {

  public Dropout {
    if (!(p >= 0 && p < 1)) {
      throw new CamjarException(
          "Dropout needs a probability of at least 0 and below 1, found %s".formatted(p));
    }
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return Op.same(inputs);
  }

  @Override
  public boolean isIdentity(boolean training) {
    return !training || p == 0;
  }

  /** What the values are multiplied by, 0 or {@code 1 / (1 - p)}, drawn in the array's order. */
  public double[] mask(int length, SplittableRandom random) {
    double[] mask = new double[length];
    for (int i = 0; i < length; i++) {
      mask[i] = random.nextDouble() < p ? 0 : 1 / (1 - p);
    }
    return mask;
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] values = mask(Math.toIntExact(x.length()), frame.random());
    INDArray mask = HostCopy.array(values, x.dataType(), x.shape());
    frame.save(mask);
    return x.mul(mask);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, dy.mul(frame.saved(INDArray.class)));
  }
}
