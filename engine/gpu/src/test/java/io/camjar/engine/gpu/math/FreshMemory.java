package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.kernel.HostCopy;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** New memory each time. */
record FreshMemory(Device device) implements DeviceConv2d.Scratch, DeviceConv2d.Uploading {
  @Override
  public Tensor take(int length) {
    return new Tensor(device.allocate((long) length * Float.BYTES), length);
  }

  @Override
  public void give(Tensor tensor) {
    device.free(tensor.memory());
  }

  @Override
  public DeviceMemory floats(String layout, Supplier<float[]> values) {
    return new DeviceMath(device).upload(values.get()).memory();
  }

  @Override
  public DeviceMemory words(String layout, Supplier<int[]> values) {
    int[] all = values.get();
    DeviceMemory memory = device.allocate((long) all.length * Integer.BYTES);
    device.upload(memory, all);
    return memory;
  }

  float[] read(Tensor tensor) {
    try (INDArray array = HostCopy.uninitialized(tensor.length())) {
      device.download(tensor.memory(), 0, HostCopy.buffer(array));
      return HostCopy.floats(array);
    }
  }
}
