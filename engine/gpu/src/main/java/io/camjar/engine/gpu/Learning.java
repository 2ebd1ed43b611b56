package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.run.Backward;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The gradients of the parameters of sums, convolutions and linear layers. */
final class Learning {
  private Learning() {}

  /** What the backward of such a layer reads, {@code value} being its own. */
  static List<Integer> reads(Foldable layer, int value, boolean parameters) {
    List<Integer> values = new ArrayList<>();
    if (layer.relu()) {
      values.add(value);
    }
    if (parameters) {
      values.add(layer.x());
    }
    return values;
  }

  /**
   * Hands over the gradient of the weights.
   *
   * @param fill computes it, in PyTorch's order
   */
  static void weight(Backward<Tensor> pass, Weights weights, Consumer<Tensor> fill) {
    pass.parameter(
        weights.path() + ".weight",
        GpuLayout.of(pass.schedule()).computed(fill, weights.weight().shape()));
  }

  /**
   * Hands over the gradient of the bias, if there is one: sums over channels of {@code dy}.
   *
   * @param plane numbers of a channel in a row
   */
  static void bias(Backward<Tensor> pass, Weights weights, Tensor dy, int channels, int plane) {
    if (weights.bias() != null) {
      GpuLayout layout = GpuLayout.of(pass.schedule());
      pass.parameter(
          weights.path() + ".bias",
          layout.pools().channelSums(dy, dy, channels, plane, layout.arena())[0]);
    }
  }
}
