package io.camjar.engine.gpu.device;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device that keeps back the commands of a pass until its end, or until the host takes part, and
 * queues them in one go. Other threads' commands go on meanwhile: memory that a pass gives back is
 * nobody else's before the pass's end.
 */
public final class Recorder implements Device {
  private final Device device;
  private final ThreadLocal<@Nullable Recording> recording = new ThreadLocal<>();

  /** What a thread keeps back. */
  private static final class Recording {
    private final List<Command> commands = new ArrayList<>();
    private int passes = 1;
  }

  /** In front of a device. */
  public Recorder(Device device) {
    this.device = device;
  }

  @Override
  public boolean records() {
    return true;
  }

  @Override
  public void begin() {
    Recording open = recording.get();
    if (open == null) {
      recording.set(new Recording());
    } else {
      open.passes++;
    }
  }

  @Override
  public void end() {
    Recording open = recording.get();
    if (open == null) {
      throw new IllegalStateException("nothing is recorded by this thread");
    }
    if (--open.passes == 0) {
      recording.remove();
    }
    queue(open);
  }

  private void queue(Recording open) {
    if (!open.commands.isEmpty()) {
      List<Command> all = List.copyOf(open.commands);
      open.commands.clear();
      device.queue(all);
    }
  }

  /** Queues what was kept back, as what comes next must find it done. */
  private void queue() {
    Recording open = recording.get();
    if (open != null) {
      queue(open);
    }
  }

  private void add(Command command) {
    Recording open = recording.get();
    if (open == null) {
      command.queue(device);
    } else {
      open.commands.add(command);
    }
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    add(new Command.Launch(kernel, grid, List.of(arguments)));
  }

  @Override
  public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
    add(new Command.Copy(from, to, bytes));
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
    queue();
    device.free(memory);
  }

  @Override
  public void upload(DeviceMemory to, float[] values) {
    queue();
    device.upload(to, values);
  }

  @Override
  public void upload(DeviceMemory to, int[] values) {
    queue();
    device.upload(to, values);
  }

  @Override
  public void download(DeviceMemory from, long offset, FloatBuffer to) {
    queue();
    device.download(from, offset, to);
  }

  @Override
  public Kernel kernel(String text, String name, Map<String, Integer> constants) {
    return device.kernel(text, name, constants);
  }

  @Override
  public void finish() {
    queue();
    device.finish();
  }
}
