package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation over channels (Ioffe and Szegedy, arXiv 1502.03167): {@code y = (x - mean) /
 * sqrt(var + eps) * weight + bias}.
 *
 * <p>Evaluating, mean and variance are the running ones. Training, they are the batch's (biased
 * variance), and the running ones move towards them by {@code momentum}, the variance unbiased, as
 * PyTorch does; this changes the buffers, so a network trains on one thread at a time.
 *
 * @param dimensions 1 over {@code [N, C]}, 2 over {@code [N, C, H, W]}
 * @param features C
 * @param eps added to the variance
 * @param momentum the share of the batch in the running statistics
 */
public record BatchNorm(int dimensions, int features, double eps, double momentum) implements Op {
  /** PyTorch's default. */
  public static final double EPS = 1e-5;

  /** PyTorch's default. */
  public static final double MOMENTUM = 0.1;

  /** PyTorch's {@code BatchNorm1d(features)}. */
  public static BatchNorm of1d(int features) {
    return new BatchNorm(1, features, EPS, MOMENTUM);
  }

  /** PyTorch's {@code BatchNorm2d(features)}. */
  public static BatchNorm of2d(int features) {
    return new BatchNorm(2, features, EPS, MOMENTUM);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String kind() {
    return "BatchNorm%dd".formatted(dimensions);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != (dimensions == 1 ? 2 : 4) || x.side(1) != features) {
      throw mismatch(path, (dimensions == 1 ? "[N, %d]" : "[N, %d, H, W]").formatted(features), x);
    }
    return x;
  }

  @Override
  public List<Param> parameters() {
    return List.of(
        Param.learned("weight", features),
        Param.learned("bias", features),
        Param.buffer("running_mean", features),
        Param.buffer("running_var", features));
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return training || parameters ? Set.of(Reads.INPUTS) : Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    Normalisation norm =
        frame.isTraining()
            ? ofBatch(frame.kernels().channelMoments(x), count(x), frame::parameter)
            : running(frame::parameter);
    frame.save(norm);
    return frame.kernels().channelAffine(x, norm.scale(), norm.shift());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Normalisation norm = frame.saved(Normalisation.class);
    if (frame.isTraining() || frame.wantsParameters()) {
      INDArray x = frame.input();
      Normalisation.Gradient g = norm.gradient(frame.kernels().channelSums(dy, x), count(x));
      if (frame.wantsParameters()) {
        frame.parameterGradient("weight", HostCopy.array(g.dWeight(), dy.dataType(), features));
        frame.parameterGradient("bias", HostCopy.array(g.dBias(), dy.dataType(), features));
      }
      if (frame.isTraining() && frame.wantsInput(0)) {
        frame.inputGradient(
            0, frame.kernels().channelCombine(dy, g.dyFactor(), x, g.xFactor(), g.constant()));
      }
    }
    if (!frame.isTraining() && frame.wantsInput(0)) {
      frame.inputGradient(0, frame.kernels().channelAffine(dy, norm.scale(), new double[features]));
    }
  }

  /**
   * Evaluating, what the operation does to each channel.
   *
   * @param parameters by relative name
   */
  public Normalisation running(Function<String, INDArray> parameters) {
    return of(
        HostCopy.doubles(parameters.apply("running_mean")),
        HostCopy.doubles(parameters.apply("running_var")),
        parameters);
  }

  /**
   * Training, what the operation does to a batch; moves the running mean and variance.
   *
   * @param moments the batch's mean and biased variance of each channel
   * @param count values of a channel, at least 2
   * @param parameters by relative name
   */
  public Normalisation ofBatch(
      double[][] moments, double count, Function<String, INDArray> parameters) {
    double[] unbiased = moments[1].clone();
    for (int c = 0; c < features; c++) {
      unbiased[c] *= count / (count - 1);
    }
    move(parameters.apply("running_mean"), moments[0]);
    move(parameters.apply("running_var"), unbiased);
    return of(moments[0], moments[1], parameters);
  }

  /**
   * Refuses an input that leaves one value a channel: its unbiased variance is 0 / 0, and PyTorch
   * refuses likewise.
   *
   * @throws CamjarException that names the layer
   */
  public void requireTrainable(String path, Shape x) {
    if (x.length() / x.side(1) < 2) {
      throw new CamjarException(
          ("training needs more than one value a channel at %s, whose variance it learns;"
                  + " give larger images or more than one in a batch")
              .formatted(path));
    }
  }

  private Normalisation of(
      double[] mean, double[] variance, Function<String, INDArray> parameters) {
    return new Normalisation(
        mean,
        variance,
        HostCopy.doubles(parameters.apply("weight")),
        HostCopy.doubles(parameters.apply("bias")),
        eps);
  }

  private static double count(INDArray x) {
    return (double) x.length() / x.size(1);
  }

  private void move(INDArray running, double[] target) {
    double[] values = HostCopy.doubles(running);
    for (int c = 0; c < values.length; c++) {
      values[c] += momentum * (target[c] - values[c]);
    }
    INDArray moved = HostCopy.array(values, running.dataType(), values.length);
    running.assign(moved);
    moved.close();
  }
}
