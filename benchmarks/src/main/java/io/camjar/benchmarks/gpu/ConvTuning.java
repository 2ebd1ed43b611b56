package io.camjar.benchmarks.gpu;

import io.camjar.benchmarks.kernel.ConvolutionShape;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.DeviceConv2d;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Measures each way of each convolution on a device, and writes the fastest ones as a table. */
final class ConvTuning {

  private ConvTuning() {}

  /**
   * Writes a table.
   *
   * @param end when it stops, in the nanoseconds of the system; what it has not come to is not
   *     named
   */
  static void write(Device device, Collection<String> convolutions, Path file, long end)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("device " + device.facts().name()));
    for (String text : convolutions) {
      if (System.nanoTime() > end) {
        break;
      }
      lines.addAll(fastest(device, ConvolutionShape.parse(text)));
    }
    Files.write(file, lines);
  }

  /** Of ways that are wrong none is taken. */
  private static List<String> fastest(Device device, ConvolutionShape shape) {
    String[] names = new String[2];
    String[] best = new String[2];
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    boolean winograd = shape.kernel() == 3 && shape.stride() == 1;
    for (String way : DeviceConv2d.ways()) {
      if (way.startsWith("f") && !winograd) {
        continue;
      }
      try (DeviceConvolution run = new DeviceConvolution(device, shape, 1, way)) {
        if (!(run.error() <= GpuCheck.CLOSE)) {
          continue;
        }
        double[] times = {
          Stopwatch.milliseconds(run::forward, device::finish),
          Stopwatch.milliseconds(run::backwardInput, device::finish)
        };
        for (int direction = 0; direction < 2; direction++) {
          names[direction] = run.name(direction == 1);
          if (times[direction] < least[direction]) {
            least[direction] = times[direction];
            best[direction] = way;
          }
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (int direction = 0; direction < 2; direction++) {
      if (best[direction] != null) {
        lines.add(names[direction] + " = " + best[direction]);
      }
    }
    return lines;
  }
}
