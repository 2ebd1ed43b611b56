package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/** New memory each time. */
record FreshMemory(Device device) implements DeviceConv2d.Scratch {
  @Override
  public Tensor take(int length) {
    return new Tensor(device.allocate((long) length * Float.BYTES), length);
  }

  @Override
  public void give(Tensor tensor) {
    device.free(tensor.memory());
  }

  float[] read(Tensor tensor) {
    try (INDArray array = HostCopy.uninitialized(tensor.length())) {
      device.download(tensor.memory(), 0, HostCopy.buffer(array));
      return HostCopy.floats(array);
    }
  }
}
