package io.camjar.engine.gpu.device;

import java.util.List;

/** What a device does without the host. Equal ones do the same. */
public sealed interface Command {

  /** Queues it on its own. */
  void queue(Device device);

  /**
   * A kernel.
   *
   * @param arguments as {@link Device#launch} takes them
   */
  record Launch(Kernel kernel, Grid grid, List<Object> arguments) implements Command {
    @Override
    public void queue(Device device) {
      device.launch(kernel, grid, arguments.toArray());
    }
  }

  /** A copy within the device. */
  record Copy(DeviceMemory from, DeviceMemory to, long bytes) implements Command {
    @Override
    public void queue(Device device) {
      device.copy(from, to, bytes);
    }
  }
}
