package io.camjar.engine.gpu.device;

import java.nio.FloatBuffer;
import java.util.Map;

/** A device that passes everything on; what shall be otherwise is overridden. */
public class OtherDevice implements Device {
  private final Device device;

  /** In front of another. */
  protected OtherDevice(Device device) {
    this.device = device;
  }

  @Override
  public Facts facts() {
    return device.facts();
  }

  @Override
  public boolean hasTensorCores() {
    return device.hasTensorCores();
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    return device.allocate(bytes);
  }

  @Override
  public void free(DeviceMemory memory) {
    device.free(memory);
  }

  @Override
  public void upload(DeviceMemory to, float[] values) {
    device.upload(to, values);
  }

  @Override
  public void upload(DeviceMemory to, int[] values) {
    device.upload(to, values);
  }

  @Override
  public void download(DeviceMemory from, long offset, FloatBuffer to) {
    device.download(from, offset, to);
  }

  @Override
  public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
    device.copy(from, to, bytes);
  }

  @Override
  public Kernel kernel(String text, String name, Map<String, Integer> constants) {
    return device.kernel(text, name, constants);
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    device.launch(kernel, grid, arguments);
  }

  @Override
  public void finish() {
    device.finish();
  }
}
