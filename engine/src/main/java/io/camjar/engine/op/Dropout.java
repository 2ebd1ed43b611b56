package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dropout: evaluating, the identity; training, each value is zeroed with probability {@code p} and
 * the others are multiplied by {@code 1 / (1 - p)}. Where it zeroes images as a whole, at the end
 * of a residual branch, it is stochastic depth (Huang et al., arXiv 1603.09382), as torchvision's
 * {@code stochastic_depth} in mode {@code row} has it.
 *
 * @param p the probability of being zeroed, at least 0 and below 1
 * @param rows whether all values of an image, the first dimension, are zeroed together: PyTorch's
 *     mode {@code row}
 */
public record Dropout(double p, boolean rows) implements Op {

  /**
   * A dropout.
   *
   * @throws CamjarException if the probability is not 0 or more and below 1
   */
  public Dropout {
    if (!(p >= 0 && p < 1)) {
      throw new CamjarException(
          "Dropout needs a probability of at least 0 and below 1, found %s".formatted(p));
    }
  }

  /** Of each value on its own. */
  public Dropout(double p) {
    this(p, false);
  }

  /** Stochastic depth: of each image as a whole. */
  public static Dropout ofRows(double p) {
    return new Dropout(p, true);
  }

  @Override
  public String kind() {
    return rows ? "StochasticDepth" : "Dropout";
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

  /**
   * What the values are multiplied by, 0 or {@code 1 / (1 - p)}, drawn in the array's order.
   *
   * @param count images in the batch; read only where {@link #rows}
   * @param length values in the whole array
   */
  public double[] mask(long count, long length, SplittableRandom random) {
    double[] mask = new double[Math.toIntExact(length)];
    int together = rows ? Math.toIntExact(length / count) : 1;
    for (int i = 0; i < mask.length; i += together) {
      Arrays.fill(mask, i, i + together, random.nextDouble() < p ? 0 : 1 / (1 - p));
    }
    return mask;
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] values = mask(x.size(0), x.length(), frame.random());
    INDArray mask = HostCopy.array(values, x.dataType(), x.shape());
    frame.save(mask);
    return x.mul(mask);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, dy.mul(frame.saved(INDArray.class)));
  }
}
