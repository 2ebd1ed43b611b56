package io.camjar.engine.nn;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
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
    Normalisation norm =
        trace.isTraining() ? ofBatch(trace.kernels().channelMoments(x), count(x)) : running();
    if (needsParameterGradients(trace) || (trace.isTraining() && needsInputGradient(trace))) {
      trace.keep(x);
      trace.save(path(), new Saved(x, norm));
    }
    return trace.kernels().channelAffine(x, norm.scale(), norm.shift());
  }

  /** Evaluating, the layer is {@code x * scale[c] + shift[c]}. */
  public final double[] scale() {
    return running().scale();
  }

  /** What {@link #scale} is followed by. */
  public final double[] shift() {
    return running().shift();
  }

  private Normalisation running() {
    return of(HostCopy.doubles(runningMean), HostCopy.doubles(runningVar));
  }

  private Normalisation of(double[] mean, double[] variance) {
    return new Normalisation(mean, variance, HostCopy.doubles(weight), HostCopy.doubles(bias));
  }

  /**
   * Training, what the layer does to a batch; moves the running mean and variance.
   *
   * @param moments the batch's mean and biased variance of each channel
   * @param count values of a channel
   * @throws CamjarException if there is one only, whose variance would be 0 / 0
   */
  public final Normalisation ofBatch(double[][] moments, double count) {
    requireSeveral(path(), (long) count);
    double[] unbiased = moments[1].clone();
    for (int c = 0; c < features; c++) {
      unbiased[c] *= count / (count - 1);
    }
    move(runningMean, moments[0]);
    move(runningVar, unbiased);
    return of(moments[0], moments[1]);
  }

  /**
   * Refuses, before any layer of a network moves its statistics, an input that leaves a batch norm
   * one value a channel: its unbiased variance is 0 / 0, and PyTorch refuses likewise.
   *
   * @throws CamjarException that names the layer
   */
  public static void requireTrainable(LayerShape shape) {
    if (shape.kind().startsWith("BatchNorm")) {
      long count = shape.input()[0];
      for (int axis = 2; axis < shape.input().length; axis++) {
        count *= shape.input()[axis];
      }
      requireSeveral(shape.path(), count);
    }
  }

  private static void requireSeveral(String path, long count) {
    if (count < 2) {
      throw new CamjarException(
          ("training needs more than one value a channel at %s, whose variance it learns;"
                  + " give larger images or more than one in a batch")
              .formatted(path));
    }
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    if (!trace.isTraining()) {
      return trace.kernels().channelAffine(dy, scale(), new double[features]);
    }
    Saved saved = trace.saved(path(), Saved.class);
    Normalisation.Gradient g = saved.gradient(dy, trace);
    return trace.kernels().channelCombine(dy, g.dyFactor(), saved.input, g.xFactor(), g.constant());
  }

  @Override
  void parameterGradients(INDArray dy, Trace trace, Gradients gradients) {
    Normalisation.Gradient g = trace.saved(path(), Saved.class).gradient(dy, trace);
    gradients.parameter(path() + ".weight", HostCopy.array(g.dWeight(), dy.dataType(), features));
    gradients.parameter(path() + ".bias", HostCopy.array(g.dBias(), dy.dataType(), features));
  }

  private static double count(INDArray x) {
    return (double) x.length() / x.size(1);
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

  @Override
  public Map<String, INDArray> parameters() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    named.put(path() + ".weight", weight);
    named.put(path() + ".bias", bias);
    named.put(path() + ".running_mean", runningMean);
    named.put(path() + ".running_var", runningVar);
    return named;
  }

  private record Saved(INDArray input, Normalisation norm) {
    Normalisation.Gradient gradient(INDArray dy, Trace trace) {
      return norm.gradient(trace.kernels().channelSums(dy, input), count(dy));
    }
  }
}
