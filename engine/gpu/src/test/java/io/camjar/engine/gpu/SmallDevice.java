package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.OtherDevice;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import java.util.HashSet;
import java.util.Set;

/** A device of as much memory as a test likes, which counts what is taken of it. */
final class SmallDevice extends OtherDevice {
  private final long most;
  private final Set<DeviceMemory> taken = new HashSet<>();
  private long bytes;

  SmallDevice(Device device, long most) {
    super(device);
    this.most = most;
  }

  synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized DeviceMemory allocate(long wanted) {
    if (bytes + wanted > most) {
      throw new OutOfDeviceMemory(facts(), wanted);
    }
    DeviceMemory memory = super.allocate(wanted);
    taken.add(memory);
    bytes += wanted;
    return memory;
  }

  @Override
  public synchronized void free(DeviceMemory memory) {
    if (!taken.remove(memory)) {
      throw new IllegalStateException("freed twice: " + memory);
    }
    bytes -= memory.bytes();
    super.free(memory);
  }
}
