package io.camjar.engine.op;

/**
 * The numbers of one pass through a {@link BatchNorm}: with the mean and variance of each channel,
 * the layer is {@code x * scale[c] + shift[c]}.
 */
public final class Normalisation {
  private final double[] mean;
  private final double[] invStd;
  private final double[] scale;
  private final double[] shift;

  Normalisation(double[] mean, double[] variance, double[] weight, double[] bias, double eps) {
    this.mean = mean;
    this.invStd = new double[mean.length];
    this.scale = new double[mean.length];
    this.shift = new double[mean.length];
    for (int c = 0; c < mean.length; c++) {
      invStd[c] = 1 / Math.sqrt(variance[c] + eps);
      scale[c] = weight[c] * invStd[c];
      shift[c] = bias[c] - mean[c] * scale[c];
    }
  }

  /** What each channel is multiplied by. */
  public double[] scale() {
    return scale;
  }

  /** What is added then. */
  public double[] shift() {
    return shift;
  }

  /**
   * The backward where mean and variance are the batch's: {@code dx = g i (dy - mean(dy) - xhat
   * mean(dy xhat))} with {@code xhat = (x - m) i}, gathered so that it is one sweep over dy and x.
   *
   * @param dyFactor {@code dx = dyFactor[c] * dy + xFactor[c] * x + constant[c]}
   * @param dWeight gradient of the weight
   * @param dBias gradient of the bias
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Gradient(
      double[] dyFactor, double[] xFactor, double[] constant, double[] dWeight, double[] dBias) {}

  /**
   * The backward from its sums.
   *
   * @param sums over each channel of dy, and of dy times x
   * @param count values of a channel
   */
  public Gradient gradient(double[][] sums, double count) {
    int features = mean.length;
    double[] dWeight = new double[features];
    double[] xFactor = new double[features];
    double[] constant = new double[features];
    for (int c = 0; c < features; c++) {
      dWeight[c] = (sums[1][c] - mean[c] * sums[0][c]) * invStd[c];
      xFactor[c] = -scale[c] * dWeight[c] / count * invStd[c];
      constant[c] = -scale[c] * sums[0][c] / count - xFactor[c] * mean[c];
    }
    return new Gradient(scale, xFactor, constant, dWeight, sums[0]);
  }
}
