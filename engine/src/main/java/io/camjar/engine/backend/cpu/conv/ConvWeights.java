package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.parameter.ParameterStore;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of a convolution or linear layer with a batch norm folded in, {@code w * scale[o]}
 * and {@code b * scale[o] + shift[o]}.
 *
 * @param path the layer's name; with {@code folded}, what packed weights are kept under
 * @param parameters where {@code path.weight}, {@code [O, I, kH, kW]} or {@code [O, I]}, and {@code
 *     path.bias}, {@code [O]}, are read
 * @param isLinear whether they are a linear layer's
 * @param outputs O
 * @param hasBias whether there is a bias
 * @param scale null unless a batch norm is folded in
 * @param shift null unless a batch norm is folded in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ConvWeights(
    String path,
    ParameterStore parameters,
    boolean isLinear,
    int outputs,
    boolean hasBias,
    double @Nullable [] scale,
    double @Nullable [] shift) {

  /** As they are. */
  public static ConvWeights of(
      String path, ParameterStore parameters, boolean isLinear, int outputs, boolean hasBias) {
    return new ConvWeights(path, parameters, isLinear, outputs, hasBias, null, null);
  }

  /**
   * The same with each output channel multiplied and then shifted, as a folded batch norm does it.
   *
   * @param by a factor an output channel
   * @param then what is added behind it, an output channel each
   */
  public ConvWeights scaled(double[] by, double[] then) {
    return new ConvWeights(path, parameters, isLinear, outputs, hasBias, by, then);
  }

  /** Whether a batch norm is folded into them. */
  public boolean folded() {
    return scale != null;
  }

  /** The weights as they are trained, not scaled. */
  INDArray weight() {
    return parameter(path + ".weight");
  }

  /** The bias as it is trained, or null if there is none. */
  @Nullable INDArray bias() {
    return hasBias ? parameter(path + ".bias") : null;
  }

  private INDArray parameter(String name) {
    INDArray parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("there is no parameter " + name);
    }
    return parameter;
  }

  /** How many weights there are. */
  int length() {
    return parameters.length(path + ".weight");
  }

  /** The weights, in an array of their own. */
  float[] oihw() {
    float[] values = new float[length()];
    oihw(values);
    return values;
  }

  /** The weights, at the front of an array that is long enough. */
  void oihw(float[] values) {
    parameters.floats(path + ".weight", values);
    if (scale != null) {
      int length = length();
      int each = length / scale.length;
      for (int i = 0; i < length; i++) {
        values[i] = (float) (values[i] * scale[i / each]);
      }
    }
  }

  /** The bias with the shift, or null if there is neither. */
  float @Nullable [] biases() {
    if (!hasBias && shift == null) {
      return null;
    }
    float[] values = hasBias ? parameters.floats(path + ".bias") : new float[outputs];
    if (scale != null && shift != null) {
      for (int o = 0; o < values.length; o++) {
        values[o] = (float) (values[o] * scale[o] + shift[o]);
      }
    }
    return values;
  }
}
