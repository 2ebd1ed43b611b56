package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d.Uploading;
import io.camjar.engine.gpu.memory.Lent;
import io.camjar.engine.kernel.HostCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
 * @param learned whether they change from pass to pass, so that each copies them to the device
 * @param scale null unless a batch norm is folded in
 * @param shift null unless a batch norm is folded in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(
    String path,
    INDArray weight,
    @Nullable INDArray bias,
    boolean learned,
    double @Nullable [] scale,
    double @Nullable [] shift) {

  Weights scaled(double[] by, double[] then) {
    return new Weights(path, weight, bias, learned, by, then);
  }

  /** What they are kept under on the device. */
  Object key(String use) {
    return List.of(path, scale != null, use);
  }

  /**
   * Numbers of these on the device as a convolution lays them out: kept there, or where they are
   * learned lent for a while.
   *
   * @param upload puts one array of numbers on the device
   */
  Lent uploaded(GpuLayout layout, Function<Uploading, DeviceMemory> upload) {
    List<Lent> lent = new ArrayList<>();
    DeviceMemory memory =
        upload.apply(
            new Uploading() {
              @Override
              public DeviceMemory floats(String use, Supplier<float[]> values) {
                return learned
                    ? of(layout.arena().lend(values.get()))
                    : layout.uploads().floats(key(use), values).memory();
              }

              @Override
              public DeviceMemory words(String use, Supplier<int[]> values) {
                return learned
                    ? of(layout.arena().lend(values.get()))
                    : layout.uploads().numbers(key(use), values);
              }

              private DeviceMemory of(Lent one) {
                lent.add(one);
                return one.memory();
              }
            });
    return learned ? lent.get(0) : Lent.kept(memory);
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

  /** Numbers of these on the device: kept there, or where they are learned lent for a while. */
  Lent on(GpuLayout layout, String use, Supplier<float[]> numbers) {
    return learned
        ? layout.arena().lend(numbers.get())
        : new Lent(layout.uploads().floats(key(use), numbers), null);
  }

  /** The bias with the shift on the device, or null if there is neither. */
  @Nullable Lent biasOn(GpuLayout layout) {
    return bias == null && shift == null ? null : on(layout, "bias", this::biases);
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
