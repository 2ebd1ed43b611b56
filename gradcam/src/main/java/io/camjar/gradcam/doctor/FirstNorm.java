package io.camjar.gradcam.doctor;

import io.camjar.gradcam.image.Preprocessed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far the first convolution's outputs vary for one image, against what the norm behind it
 * remembers of training: near 1 where images are prepared as they were then, 65,025 times that or
 * 65,025 times less where their samples go to 255 in place of 1 or the other way round.
 *
 * @param ratio the median over channels of variance over running variance
 */
record FirstNorm(double ratio) {
  /** What another unit makes of a variance. */
  static final double UNIT = 255.0 * 255;

  /** Places along each axis where the convolution is computed. */
  private static final int PLACES = 16;

  /**
   * The comparison; empty if the network does not begin with a convolution {@code conv1} of stride
   * 2 and a batch norm {@code bn1}, or the image has other channels.
   *
   * @param tensors the network's, under the engine's names
   */
  static Optional<FirstNorm> of(StateDict tensors, Preprocessed input) {
    TensorEntry weight = tensors.find("conv1.weight").orElse(null);
    TensorEntry variance = tensors.find("bn1.running_var").orElse(null);
    if (weight == null || variance == null || weight.shape().length != 4) {
      return Optional.empty();
    }
    long[] shape = weight.shape();
    if (shape[1] != input.channels()
        || shape[0] != variance.elements()
        || shape[2] > input.height()
        || shape[3] > input.width()) {
      return Optional.empty();
    }
    float[] remembered = variance.toFloats();
    float[] weights = weight.toFloats();
    double[] ratios = new double[remembered.length];
    for (int channel = 0; channel < ratios.length; channel++) {
      double found = variance(weights, channel, (int) shape[2], (int) shape[3], input);
      ratios[channel] = found / Math.max(remembered[channel], 1e-12);
    }
    Arrays.sort(ratios);
    return Optional.of(new FirstNorm(ratios[ratios.length / 2]));
  }

  /** How many powers of ten lie between what is found, so many times, and what is remembered. */
  double distance(double times) {
    return Math.abs(Math.log10(Math.max(ratio * times, 1e-12)));
  }

  /** Over {@link #PLACES} x {@link #PLACES} windows that lie inside the input. */
  private static double variance(
      float[] weights, int channel, int rows, int columns, Preprocessed input) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < PLACES; i++) {
      for (int j = 0; j < PLACES; j++) {
        int top = i * (input.height() - rows) / (PLACES - 1);
        int left = j * (input.width() - columns) / (PLACES - 1);
        double value = 0;
        int at = channel * input.channels() * rows * columns;
        for (int c = 0; c < input.channels(); c++) {
          for (int y = top; y < top + rows; y++) {
            int row = (c * input.height() + y) * input.width();
            for (int x = left; x < left + columns; x++) {
              value += weights[at++] * input.values()[row + x];
            }
          }
        }
        sum += value;
        squares += value * value;
      }
    }
    int count = PLACES * PLACES;
    return squares / count - sum / count * (sum / count);
  }
}
