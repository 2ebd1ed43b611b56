package io.camjar.engine.gpu.memory;

import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d.Scratch;
import io.camjar.engine.gpu.math.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor for as long as kernels that read it are queued.
 *
 * @param from what it is given back to; null if it stays
 */
public record Lent(Tensor tensor, @Nullable Scratch from) implements AutoCloseable {

  /** Memory that stays. */
  public static Lent kept(DeviceMemory memory) {
    return new Lent(new Tensor(memory, Math.toIntExact(memory.bytes() / Float.BYTES)), null);
  }

  /** Where it lies. */
  public DeviceMemory memory() {
    return tensor.memory();
  }

  @Override
  public void close() {
    if (from != null) {
      from.give(tensor);
    }
  }
}
