package io.camjar.engine.gpu.device;

/**
 * What a driver tells of a device.
 *
 * @param kind {@code opencl} or {@code cuda}
 * @param index its number among those of the kind
 * @param name such as {@code NVIDIA H100 80GB HBM3}
 * @param driver the platform or driver and its version
 * @param units compute units or multiprocessors
 * @param memory bytes of its memory
 * @param allocation the most bytes in one piece
 */
public record Facts(
    String kind, int index, String name, String driver, int units, long memory, long allocation) {

  /** As {@code --device} takes it, {@code opencl:0}. */
  public String id() {
    return kind + ":" + index;
  }
}
