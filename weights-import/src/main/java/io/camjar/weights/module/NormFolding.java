package io.camjar.weights.module;

import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Batch norms of any eps, and without weight and bias, as those that camjar computes: eps 1e-5,
 * with both.
 *
 * <p>{@code (x - mean) / sqrt(var + eps) * w} is {@code (x - mean) / sqrt(var + 1e-5) * w'} with
 * {@code w' = w * sqrt((var + 1e-5) / (var + eps))}.
 */
public final class NormFolding {
  static final double EPS = 1e-5;

  private static final Set<String> CLASSES =
      Set.of("BatchNorm1d", "BatchNorm2d", "SyncBatchNorm", "FrozenBatchNorm2d");

  private NormFolding() {}

  /** Whether the module is a batch norm, under whichever of its equivalent classes. */
  static boolean isNorm(SavedModule module) {
    return CLASSES.contains(module.simpleName());
  }

  /** The module's eps; PyTorch's where an old file does not say. */
  static double eps(SavedModule module) {
    return module.value("eps").filter(Number.class::isInstance).map(Number.class::cast).stream()
        .mapToDouble(Number::doubleValue)
        .findFirst()
        .orElse(EPS);
  }

  /** The weight under which eps 1e-5 computes the same. */
  static TensorEntry weight(String name, TensorEntry weight, TensorEntry variance, double eps) {
    float[] values = FloatTensor.values(weight);
    float[] variances = FloatTensor.values(variance);
    double[] folded = new double[values.length];
    for (int c = 0; c < values.length; c++) {
      folded[c] = values[c] * Math.sqrt((variances[c] + EPS) / (variances[c] + eps));
    }
    return FloatTensor.of(name, folded, weight.shape());
  }

  /** The running mean under which a batch norm takes in what its convolution's bias added. */
  public static TensorEntry withoutBias(TensorEntry mean, TensorEntry bias) {
    float[] means = FloatTensor.values(mean);
    float[] biases = FloatTensor.values(bias);
    double[] folded = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      folded[c] = (double) means[c] - biases[c];
    }
    return FloatTensor.of(mean.name(), folded, mean.shape());
  }

  /**
   * The tensors of a batch norm that only adds a bias: its weight is 1, its mean 0, and its
   * variance and eps together are 1.
   *
   * @param norm its path
   */
  public static List<TensorEntry> adding(String norm, TensorEntry bias) {
    return List.of(
        constant(norm + ".weight", 1, bias.shape()),
        bias.named(norm + ".bias"),
        constant(norm + ".running_mean", 0, bias.shape()),
        constant(norm + ".running_var", 1 - EPS, bias.shape()));
  }

  /** As many equal values as {@code like} has. */
  static TensorEntry constant(String name, TensorEntry like, double value) {
    FloatTensor.values(like);
    return constant(name, value, like.shape());
  }

  private static TensorEntry constant(String name, double value, long... shape) {
    double[] values = new double[Math.toIntExact(Shapes.elements(shape))];
    Arrays.fill(values, value);
    return FloatTensor.of(name, values, shape);
  }
}
