package io.camjar.engine.nn;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.trace.Trace;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dropout: evaluating, the identity; training, each value is zeroed with probability {@code p} and
 * the others are multiplied by {@code 1 / (1 - p)}.
 */
public final class Dropout extends Leaf {
  private final double p;

  /** Drops with probability {@code p}, at least 0 and below 1. */
  public Dropout(String path, double p) {
    super(path);
    if (!(p >= 0 && p < 1)) {
      throw new CamjarException(
          "%s (Dropout) needs a probability of at least 0 and below 1, found %s"
              .formatted(path, p));
    }
    this.p = p;
  }

  /** The probability of being zeroed. */
  public double p() {
    return p;
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (!trace.isTraining() || p == 0) {
      return x;
    }
    INDArray mask = mask(x, trace.random());
    trace.keep(mask);
    trace.save(path(), mask);
    return x.mul(mask);
  }

  private INDArray mask(INDArray like, SplittableRandom random) {
    double[] values = new double[Math.toIntExact(like.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < p ? 0 : 1 / (1 - p);
    }
    return HostCopy.array(values, like.dataType(), like.shape());
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    return !trace.isTraining() || p == 0 ? dy : dy.mul(trace.saved(path(), INDArray.class));
  }

  @Override
  long[] outputShape(long[] input) {
    return input.clone();
  }
}
