package io.camjar.gradcam.cli.options;

import io.camjar.engine.device.Devices;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --device} and {@code --precision}: where a network is computed, and how exactly. */
public final class DeviceOption {
  private static final Pattern KNOWN =
      Pattern.compile("cpu|(opencl|cuda|" + Devices.CUDA_ND4J + ")(:[0-9]{1,3})?");

  private static final Pattern ROUNDING = Pattern.compile("(opencl|cuda)(:[0-9]{1,3})?");
  private static final List<String> PRECISIONS = List.of(Devices.FLOAT32, "tf32", "float16");

  @Option(
      names = "--device",
      paramLabel = "cpu|opencl[:N]|cuda[:N]|cuda-nd4j",
      defaultValue = Devices.CPU,
      description =
          "Where to compute (default: ${DEFAULT-VALUE}); N counts from 0, as camjar devices lists"
              + " them.")
  private String device = Devices.CPU;

  @Option(
      names = "--precision",
      paramLabel = "float32|tf32|float16",
      defaultValue = Devices.FLOAT32,
      description =
          "How opencl and cuda round what convolutions multiply (default: ${DEFAULT-VALUE}); sums"
              + " are float32.")
  private String precision = Devices.FLOAT32;

  /** What was asked for is a device's name. */
  public void check(CommandSpec spec) {
    Arguments.require(
        spec,
        KNOWN.matcher(device).matches(),
        "--device is '%s'; give cpu, opencl, cuda or cuda-nd4j, opencl and cuda with a number such"
                .formatted(device)
            + " as opencl:1 where there are several");
    Arguments.require(
        spec,
        PRECISIONS.contains(precision),
        "--precision is '%s'; give %s".formatted(precision, String.join(", ", PRECISIONS)));
    Arguments.require(
        spec,
        precision.equals(Devices.FLOAT32) || ROUNDING.matcher(device).matches(),
        "--precision is '%s', but %s computes in float32 only; choose --device opencl or cuda, or"
                .formatted(precision, device)
            + " leave it out");
  }

  /**
   * Chooses what computes from now on; before a network is loaded.
   *
   * @return whether it is the CPU
   * @throws io.camjar.engine.CamjarException that says what is missing if it cannot be used
   */
  public boolean select() {
    if (device.equals(Devices.CPU)) {
      return true;
    }
    System.setProperty(Devices.PRECISION, precision);
    Devices.select(device);
    return false;
  }
}
