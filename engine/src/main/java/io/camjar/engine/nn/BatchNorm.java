package io.camjar.engine.nn;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation over channels (Ioffe and Szegedy, arXiv 1502.03167): {@code y = (x - mean) /
 * sqrt(var + eps) * weight + bias}.
 *
 * <p>Evaluating, mean and variance are the running ones. Training, they are the batch's (biased
 * variance), and the running ones move towards them by {@code momentum}, the variance unbiased, as
 * PyTorch does; this changes the buffers, so a network trains on one thread at a time.
 */
public abstract class BatchNorm extends Leaf {
  private static final double EPS = 1e-5;
  private static final double MOMENTUM = 0.1;

  final int features;
  private final INDArray weight;
  private final INDArray bias;
  private final INDArray runningMean;
  private final INDArray runningVar;

  BatchNorm(String path, int features, Parameters parameters) {
    super(path);
    this.features = features;
    this.weight = parameters.get(path + ".weight", features);
    this.bias = parameters.get(path + ".bias", features);
    this.runningMean = parameters.get(path + ".running_mean", features);
    this.runningVar = parameters.get(path + ".running_var", features);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    Statistics statistics = trace.isTraining() ? batch(x, trace.kernels()) : running();
    if (needsParameterGradients(trace) || (trace.isTraining() && needsInputGradient(trace))) {
      trace.keep(x);
      trace.save(path(), new Saved(x, statistics));
    }
    return trace.kernels().channelAffine(x, scale(statistics), shift(statistics));
  }

  /** Evaluating, the layer is {@code x * scale[c] + shift[c]}. */
  public final double[] scale() {
    return scale(running());
  }

  /** What {@link #scale} is followed by. */
  public final double[] shift() {
    return shift(running());
  }

  private double[] scale(Statistics statistics) {
    return product(HostCopy.doubles(weight), statistics.invStd);
  }

  private double[] shift(Statistics statistics) {
    double[] scale = scale(statistics);
    double[] shift = HostCopy.doubles(bias);
    for (int c = 0; c < features; c++) {
      shift[c] -= statistics.mean[c] * scale[c];
    }
    return shift;
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    double[] gamma = HostCopy.doubles(weight);
    if (!trace.isTraining()) {
      return trace.kernels().channelAffine(dy, scale(), new double[features]);
    }
    Saved saved = trace.saved(path(), Saved.class);
    // dx = g i (dy - mean(dy) - xhat mean(dy xhat)) with xhat = (x - m) i, gathered as
    // p dy + q x + r so that it is one pass over dy and x.
    double[][] means = normalisedSums(dy, saved, trace.kernels());
    double count = (double) dy.length() / features;
    double[] p = product(gamma, saved.statistics.invStd);
    double[] q = new double[features];
    double[] r = new double[features];
    for (int c = 0; c < features; c++) {
      double meanDy = means[0][c] / count;
      double meanDyXhat = means[1][c] / count;
      double invStd = saved.statistics.invStd[c];
      q[c] = -p[c] * meanDyXhat * invStd;
      r[c] = -p[c] * meanDy - q[c] * saved.statistics.mean[c];
    }
    return trace.kernels().channelCombine(dy, p, saved.input, q, r);
  }

  @Override
  void parameterGradients(INDArray dy, Trace trace, Gradients gradients) {
    double[][] sums = normalisedSums(dy, trace.saved(path(), Saved.class), trace.kernels());
    gradients.parameter(path() + ".weight", HostCopy.array(sums[1], dy.dataType(), features));
    gradients.parameter(path() + ".bias", HostCopy.array(sums[0], dy.dataType(), features));
  }

  /** Sums over each channel of dy and of dy times the normalised input. */
  private double[][] normalisedSums(INDArray dy, Saved saved, Kernels kernels) {
    double[][] sums = kernels.channelSums(dy, saved.input);
    for (int c = 0; c < features; c++) {
      sums[1][c] =
          (sums[1][c] - saved.statistics.mean[c] * sums[0][c]) * saved.statistics.invStd[c];
    }
    return sums;
  }

  private Statistics running() {
    return new Statistics(HostCopy.doubles(runningMean), HostCopy.doubles(runningVar));
  }

  private Statistics batch(INDArray x, Kernels kernels) {
    double count = (double) x.length() / features;
    double[][] moments = kernels.channelMoments(x);
    double[] unbiased = moments[1].clone();
    for (int c = 0; c < features; c++) {
      unbiased[c] *= count / (count - 1);
    }
    move(runningMean, moments[0]);
    move(runningVar, unbiased);
    return new Statistics(moments[0], moments[1]);
  }

  private static void move(INDArray running, double[] target) {
    double[] values = HostCopy.doubles(running);
    for (int c = 0; c < values.length; c++) {
      values[c] += MOMENTUM * (target[c] - values[c]);
    }
    INDArray moved = HostCopy.array(values, running.dataType(), values.length);
    running.assign(moved);
    moved.close();
  }

  private static double[] product(double[] a, double[] b) {
    double[] product = a.clone();
    for (int c = 0; c < product.length; c++) {
      product[c] *= b[c];
    }
    return product;
  }

  @Override
  public Map<String, INDArray> parameters() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    named.put(path() + ".weight", weight);
    named.put(path() + ".bias", bias);
    named.put(path() + ".running_mean", runningMean);
    named.put(path() + ".running_var", runningVar);
    return named;
  }

  /** Mean and inverse standard deviation of each channel. */
  private static final class Statistics {
    final double[] mean;
    final double[] invStd;

    Statistics(double[] mean, double[] variance) {
      this.mean = mean;
      this.invStd = new double[variance.length];
      for (int c = 0; c < invStd.length; c++) {
        invStd[c] = 1 / Math.sqrt(variance[c] + EPS);
      }
    }
  }

  private record Saved(INDArray input, Statistics statistics) {}
}
