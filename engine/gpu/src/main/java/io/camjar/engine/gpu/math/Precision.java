package io.camjar.engine.gpu.math;

import io.camjar.engine.CamjarException;
import io.camjar.engine.device.Devices;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the operands of convolutions are rounded; sums and everything else are float32. Depthwise
 * convolutions and linear layers have float32 operands always.
 */
public enum Precision {
  /** Operands as they are. */
  FLOAT32,

  /** Operands of 10 bits of mantissa and float32's range. */
  TF32,

  /** Operands of float16, whose magnitudes end at 65504; weights are kept so. */
  FLOAT16;

  /** What {@link Devices#precision} names. */
  public static Precision selected() {
    String asked = Devices.precision();
    for (Precision precision : values()) {
      if (precision.toString().equals(asked)) {
        return precision;
      }
    }
    throw new CamjarException(
        "there is no precision %s: the property %s takes %s"
            .formatted(
                asked,
                Devices.PRECISION,
                Arrays.stream(values())
                    .map(Precision::toString)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * The precision of a gradient's operands. Gradients of activations are often below float16's
   * least magnitude, 6e-8: they are TF32 where activations are float16.
   */
  Precision backward() {
    return this == FLOAT16 ? TF32 : this;
  }

  /** Constants of the kernels' text. */
  Map<String, Integer> constants() {
    return this == FLOAT32 ? Map.of() : Map.of(name(), 1);
  }

  /** As {@code --precision} takes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
