package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Layers on constants: PyTorch standardises the weights of a convolution by a batch norm of them
 * (timm's {@code StdConv2d}), and encodings of positions are made by a convolution of what depends
 * on the size alone (XCiT, EdgeNeXt).
 */
final class FoldedLayers {
  private FoldedLayers() {}

  /**
   * {@code BatchNormalization}: {@code (x - mean) / sqrt(var + epsilon) * scale + bias}, a channel
   * of the second axis; with {@code training_mode} of the mean and the biased variance of x itself.
   *
   * @param inputs x, scale, bias, mean, var
   */
  static Constant batchNorm(Attributes node, List<@Nullable Constant> inputs) {
    Constant x = Folding.required(inputs, 0);
    if (x.rank() < 2) {
      throw Malformed.damaged("node '" + node.node().label() + "' has no channels");
    }
    int channels = BroadcastIndices.size(new long[] {x.shape()[1]});
    double[] values = x.values();
    int inner = BroadcastIndices.size(Arrays.copyOfRange(x.shape(), 2, x.rank()));
    double[] scale = channels(node, inputs, 1, channels);
    double[] bias = channels(node, inputs, 2, channels);
    double[] mean = channels(node, inputs, 3, channels);
    double[] variance = channels(node, inputs, 4, channels);
    if (node.flag("training_mode", false)) {
      moments(values, inner, mean, variance);
    }
    double eps = node.real("epsilon", 1e-5);
    for (int i = 0; i < values.length; i++) {
      int c = i / inner % channels;
      values[i] = (values[i] - mean[c]) / Math.sqrt(variance[c] + eps) * scale[c] + bias[c];
    }
    return Constant.of(x.floating(), values, x.shape());
  }

  private static double[] channels(
      Attributes node, List<@Nullable Constant> inputs, int index, int channels) {
    double[] values = Folding.required(inputs, index).values();
    if (values.length != channels) {
      throw Malformed.damaged(
          "node '%s' has %d channels and an input of %d values"
              .formatted(node.node().label(), channels, values.length));
    }
    return values;
  }

  private static void moments(double[] values, int inner, double[] mean, double[] variance) {
    int channels = mean.length;
    double count = (double) values.length / channels;
    Arrays.fill(mean, 0);
    Arrays.fill(variance, 0);
    for (int i = 0; i < values.length; i++) {
      mean[i / inner % channels] += values[i] / count;
    }
    for (int i = 0; i < values.length; i++) {
      int c = i / inner % channels;
      variance[c] += (values[i] - mean[c]) * (values[i] - mean[c]) / count;
    }
  }

  /**
   * {@code Conv} with a kernel of one place, which is a product of matrices; empty for any other.
   *
   * @param inputs x {@code [N, I, ...]}, weight {@code [O, I, 1...]}, bias {@code [O]} or none
   */
  static Optional<Constant> pointwise(
      Attributes node, List<@Nullable Constant> inputs, LongConsumer spend) {
    Constant x = Folding.required(inputs, 0);
    Constant weight = Folding.required(inputs, 1);
    long[] kernel = weight.shape();
    boolean plain =
        kernel.length == x.rank()
            && kernel.length > 2
            && Arrays.stream(kernel).skip(2).allMatch(side -> side == 1)
            && node.integer("group", 1) == 1
            && all(node, "strides", 1)
            && all(node, "pads", 0);
    if (!plain) {
      return Optional.empty();
    }
    long[] shape = x.shape();
    if (kernel[1] != shape[1]) {
      throw Malformed.damaged(
          "node '%s' reads %d channels of %d".formatted(node.node().label(), kernel[1], shape[1]));
    }
    int places = BroadcastIndices.size(Arrays.copyOfRange(shape, 2, shape.length));
    Constant product =
        FoldedRows.product(
            weight.reshaped(kernel[0], kernel[1]), x.reshaped(shape[0], shape[1], places), spend);
    shape[1] = kernel[0];
    double[] values = product.values();
    if (inputs.size() > 2 && inputs.get(2) != null) {
      double[] bias = channels(node, inputs, 2, BroadcastIndices.size(new long[] {kernel[0]}));
      for (int i = 0; i < values.length; i++) {
        values[i] += bias[i / places % bias.length];
      }
    }
    return Optional.of(Constant.of(true, values, shape));
  }

  private static boolean all(Attributes node, String name, long value) {
    return node.integers(name).stream().flatMap(List::stream).allMatch(one -> one == value);
  }
}
