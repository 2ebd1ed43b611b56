package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Uploads;
import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of a convolution or linear layer with a batch norm folded in, {@code w * scale[o]}
 * and {@code b * scale[o] + shift[o]}.
 *
 * @param path the layer's name
 * @param weight {@code [O, I, kH, kW]} or {@code [O, I]}
 * @param bias {@code [O]}, or null
 * @param scale null unless a batch norm is folded in
 * @param shift null unless a batch norm is folded in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(
    String path,
    INDArray weight,
    @Nullable INDArray bias,
    double @Nullable [] scale,
    double @Nullable [] shift) {

  Weights scaled(double[] by, double[] then) {
    return new Weights(path, weight, bias, by, then);
  }

  /** What they are kept under on the device. */
  Object key(String use) {
    return List.of(path, scale != null, use);
  }

  /** Where the layer's own are kept on the device. */
  DeviceConv2d.Uploading on(Uploads uploads) {
    return new DeviceConv2d.Uploading() {
      @Override
      public DeviceMemory floats(String layout, Supplier<float[]> values) {
        return uploads.floats(key(layout), values).memory();
      }

      @Override
      public DeviceMemory words(String layout, Supplier<int[]> values) {
        return uploads.numbers(key(layout), values);
      }
    };
  }

  private int outputs() {
    return (int) weight.size(0);
  }

  /** The weights. */
  float[] values() {
    float[] values = HostCopy.floats(weight);
    if (scale != null) {
      int each = values.length / scale.length;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * scale[i / each]);
      }
    }
    return values;
  }

  /** The bias with the shift on the device, or null if there is neither. */
  @Nullable Tensor bias(Uploads uploads) {
    return bias == null && shift == null ? null : uploads.floats(key("bias"), this::biases);
  }

  private float[] biases() {
    float[] values = bias == null ? new float[outputs()] : HostCopy.floats(bias);
    if (scale != null && shift != null) {
      for (int o = 0; o < values.length; o++) {
        values[o] = (float) (values[o] * scale[o] + shift[o]);
      }
    }
    return values;
  }
}
