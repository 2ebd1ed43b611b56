package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.kernel.HostCopy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of a convolution or linear layer with a batch norm folded in, {@code w * scale[o]}
 * and {@code b * scale[o] + shift[o]}.
 *
 * @param path the layer's name; with {@code folded}, what packed weights are kept under
 * @param weight {@code [O, I, kH, kW]} or {@code [O, I]}
 * @param bias {@code [O]}, or null
 * @param scale null unless a batch norm is folded in
 * @param shift null unless a batch norm is folded in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ConvWeights(
    String path,
    INDArray weight,
    @Nullable INDArray bias,
    double @Nullable [] scale,
    double @Nullable [] shift) {

  public ConvWeights scaled(double[] by, double[] then) {
    return new ConvWeights(path, weight, bias, by, then);
  }

  public boolean folded() {
    return scale != null;
  }

  /** Whether they are a linear layer's. */
  public boolean isLinear() {
    return weight.rank() == 2;
  }

  int outputs() {
    return (int) weight.size(0);
  }

  float[] oihw() {
    float[] values = HostCopy.floats(weight);
    if (scale != null) {
      int each = values.length / scale.length;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * scale[i / each]);
      }
    }
    return values;
  }

  /** The bias with the shift, or null if there is neither. */
  float @Nullable [] biases() {
    if (bias == null && shift == null) {
      return null;
    }
    float[] values = bias == null ? new float[outputs()] : HostCopy.floats(bias);
    if (scale != null && shift != null) {
      for (int o = 0; o < values.length; o++) {
        values[o] = (float) (values[o] * scale[o] + shift[o]);
      }
    }
    return values;
  }
}
