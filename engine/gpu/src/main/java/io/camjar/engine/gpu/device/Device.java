package io.camjar.engine.gpu.device;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * A device: its memory, its compiler and one queue on which everything happens in the order of the
 * calls. Threads share it.
 *
 * <p>Since there is one queue, memory may be given to a later kernel as soon as the last kernel
 * that uses it has been queued.
 */
public interface Device {

  /** What its driver tells of it. */
  Facts facts();

  /** Whether its kernels may use {@code mma.sync} on TF32 and float16. */
  default boolean hasTensorCores() {
    return false;
  }

  /**
   * New memory, of any contents.
   *
   * @throws OutOfDeviceMemory if there is not so much
   */
  DeviceMemory allocate(long bytes);

  /** Frees memory when what was queued before is done with it. */
  void free(DeviceMemory memory);

  /** Copies floats to memory; they may be changed afterwards. */
  void upload(DeviceMemory to, float[] values);

  /** Copies whole numbers to memory; they may be changed afterwards. */
  void upload(DeviceMemory to, int[] values);

  /** Copies from memory, from this many floats after its start, and waits for it. */
  void download(DeviceMemory from, long offset, FloatBuffer to);

  /** Copies within the device. */
  void copy(DeviceMemory from, DeviceMemory to, long bytes);

  /**
   * A kernel, compiled when it is first asked for.
   *
   * @param text the name of its text, {@code convolution}
   * @param name its name in the text
   * @param constants of the text
   * @throws io.camjar.engine.CamjarException with the compiler's words if it does not compile
   */
  Kernel kernel(String text, String name, Map<String, Integer> constants);

  /**
   * Queues a kernel.
   *
   * @param arguments a {@link DeviceMemory}, {@link Integer} or {@link Float} for each parameter
   */
  void launch(Kernel kernel, Grid grid, Object... arguments);

  /** Queues commands in their order; a device may do that in one go where they come again. */
  default void queue(List<Command> commands) {
    commands.forEach(command -> command.queue(this));
  }

  /** Whether {@link #begin} keeps the calling thread's commands back. */
  default boolean records() {
    return false;
  }

  /** Begins a pass of the calling thread. */
  default void begin() {}

  /** Ends the pass: all its commands are queued. */
  default void end() {}

  /** Waits for all that was queued. */
  void finish();
}
