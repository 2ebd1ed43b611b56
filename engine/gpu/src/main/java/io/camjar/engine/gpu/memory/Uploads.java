package io.camjar.engine.gpu.memory;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a graph has on its device once: weights, and the tables of convolutions. */
public final class Uploads implements AutoCloseable {
  private final Device device;
  private final Map<Object, Tensor> floats = new HashMap<>();
  private final Map<Object, DeviceMemory> numbers = new HashMap<>();

  /** Nothing yet on a device. */
  public Uploads(Device device) {
    this.device = device;
  }

  /** The floats of this name, copied to the device when they are first asked for. */
  public synchronized Tensor floats(Object name, Supplier<float[]> values) {
    return floats.computeIfAbsent(
        name,
        n -> {
          float[] all = values.get();
          Consumer<DeviceMemory> copy = memory -> device.upload(memory, all);
          return new Tensor(filled((long) all.length * Float.BYTES, copy), all.length);
        });
  }

  /** The whole numbers of this name, copied to the device when they are first asked for. */
  public synchronized DeviceMemory numbers(Object name, Supplier<int[]> values) {
    return numbers.computeIfAbsent(
        name,
        n -> {
          int[] all = values.get();
          return filled((long) all.length * Integer.BYTES, memory -> device.upload(memory, all));
        });
  }

  private DeviceMemory filled(long bytes, Consumer<DeviceMemory> copy) {
    DeviceMemory memory = Arena.allocate(device, bytes);
    try {
      copy.accept(memory);
      return memory;
    } catch (RuntimeException e) {
      device.free(memory);
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    floats.values().forEach(tensor -> device.free(tensor.memory()));
    floats.clear();
    numbers.values().forEach(device::free);
    numbers.clear();
  }
}
