package io.camjar.engine.gpu.device;

import io.camjar.engine.CamjarException;

/** A device has not as much memory as was asked for. */
public final class OutOfDeviceMemory extends CamjarException {
  private static final long serialVersionUID = 1L;

  /** Says how much was asked for of which device. */
  public OutOfDeviceMemory(Facts device, long bytes) {
    super(
        ("%s (%s, %d MiB) has no room for %d MiB more;"
                + " use a smaller --size or fewer images in a batch, or leave --device out")
            .formatted(device.name(), device.id(), device.memory() >> 20, (bytes >> 20) + 1));
  }
}
