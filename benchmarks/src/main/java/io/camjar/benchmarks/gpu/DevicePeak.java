package io.camjar.benchmarks.gpu;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.gpu.device.Kernel;
import java.util.Map;

/** The most multiply-adds in single precision that a device reaches, as FLOP/s. */
final class DevicePeak {
  private static final int ITEMS = 256;

  /** Groups a unit, so that latencies are hidden. */
  private static final int GROUPS = 16;

  /** As {@code peak.cl} has it. */
  private static final int CHAINS = 16;

  private static final long LEAST_NANOS = 20_000_000;
  private static final int TURNS = 1 << 10;
  private static final int MOST_TURNS = 1 << 22;

  private DevicePeak() {}

  /** The best of three launches that are long enough to be timed. */
  static double flops(Device device) {
    Kernel kernel = device.kernel("peak", "fma_peak", Map.of());
    int groups = GROUPS * device.facts().units();
    DeviceMemory sums = device.allocate((long) groups * ITEMS * Float.BYTES);
    try {
      int turns = TURNS;
      while (nanos(device, kernel, groups, sums, turns) < LEAST_NANOS && turns < MOST_TURNS) {
        turns *= 2;
      }
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        least = Math.min(least, nanos(device, kernel, groups, sums, turns));
      }
      return 2.0 * CHAINS * turns * groups * ITEMS / (least / 1e9);
    } finally {
      device.free(sums);
    }
  }

  private static long nanos(
      Device device, Kernel kernel, int groups, DeviceMemory sums, int turns) {
    device.finish();
    long start = System.nanoTime();
    device.launch(kernel, new Grid(groups, 1, 1, ITEMS), sums, turns, 0.5f, 1f);
    device.finish();
    return System.nanoTime() - start;
  }
}
