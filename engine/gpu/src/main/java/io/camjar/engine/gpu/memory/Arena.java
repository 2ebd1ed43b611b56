package io.camjar.engine.gpu.memory;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Activations' memory between passes of one size of input. Shared by threads; the device's one
 * queue keeps what takes a piece behind what gave it back.
 */
public final class Arena implements AutoCloseable, DeviceConv2d.Scratch {
  /** All that are open, of all devices. */
  private static final Set<Arena> OPEN = ConcurrentHashMap.newKeySet();

  private final Device device;

  /** Pieces that nobody uses. */
  private final Pieces free = new Pieces();

  /** What a thread has given back whose commands are not queued yet: only it may take that. */
  private final ThreadLocal<@Nullable Own> own = new ThreadLocal<>();

  /** A thread's own pieces, and how many of its passes are under way. */
  private static final class Own {
    private final Pieces pieces = new Pieces();
    private int passes = 1;
  }

  private boolean closed;

  /** Memory of a device, of which nothing is taken yet. */
  public Arena(Device device) {
    this.device = device;
    OPEN.add(this);
  }

  /** Begins a pass of the calling thread, whose commands the device keeps back. */
  public void begin() {
    Own mine = own.get();
    if (mine == null) {
      own.set(new Own());
    } else {
      mine.passes++;
    }
  }

  /** Ends it: its commands are queued. */
  public void end() {
    Own mine = own.get();
    if (mine == null) {
      throw new IllegalStateException("no pass of this thread is under way");
    }
    if (--mine.passes == 0) {
      own.remove();
    }
    mine.pieces.takeAll().forEach(this::give);
  }

  @Override
  public Tensor take(int length) {
    long bytes = (long) length * Float.BYTES;
    Own mine = own.get();
    DeviceMemory memory = mine == null ? null : mine.pieces.take(bytes);
    if (memory == null) {
      synchronized (this) {
        memory = free.take(bytes);
      }
    }
    if (memory == null) {
      memory = allocate(device, bytes);
    }
    return new Tensor(memory, length);
  }

  /** Memory that is filled, to be closed once what reads it is queued. */
  public Lent lend(int length, Consumer<Tensor> fill) {
    Tensor tensor = take(length);
    try {
      fill.accept(tensor);
      return new Lent(tensor, this);
    } catch (RuntimeException e) {
      give(tensor);
      throw e;
    }
  }

  /** A copy of floats on the device, to be closed once what reads it is queued. */
  public Lent lend(float[] values) {
    return lend(values.length, tensor -> device.upload(tensor.memory(), values));
  }

  /** A copy of words on the device, to be closed once what reads it is queued. */
  public Lent lend(int[] words) {
    return lend(words.length, tensor -> device.upload(tensor.memory(), words));
  }

  /**
   * New memory; where a device has none left, that which nobody uses there is freed first, be it
   * kept for other sizes or other networks.
   */
  static DeviceMemory allocate(Device device, long bytes) {
    try {
      return device.allocate(bytes);
    } catch (OutOfDeviceMemory e) {
      device.finish(); // what was kept back uses pieces that are freed
      for (Arena arena : OPEN) {
        if (arena.device.equals(device)) {
          arena.trim();
        }
      }
      return device.allocate(bytes);
    }
  }

  @Override
  public void give(Tensor tensor) {
    Own mine = own.get();
    if (mine == null) {
      give(tensor.memory());
    } else {
      mine.pieces.add(tensor.memory());
    }
  }

  private void give(DeviceMemory memory) {
    synchronized (this) {
      if (!closed) {
        free.add(memory);
        return;
      }
    }
    device.free(memory);
  }

  private void trim() {
    List<DeviceMemory> all = new ArrayList<>();
    Own mine = own.get();
    if (mine != null) {
      all.addAll(mine.pieces.takeAll());
    }
    synchronized (this) {
      all.addAll(free.takeAll());
    }
    all.forEach(device::free);
  }

  /** Frees what nobody uses now, and the rest when it is given back. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    OPEN.remove(this);
    trim();
  }
}
