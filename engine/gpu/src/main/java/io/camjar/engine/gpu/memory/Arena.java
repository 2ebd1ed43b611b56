package io.camjar.engine.gpu.memory;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Activations' memory between passes of one size of input. Shared by threads; the device's one
 * queue keeps what takes a piece behind what gave it back.
 */
public final class Arena implements AutoCloseable, DeviceConv2d.Scratch {
  /** A piece is taken for something shorter by an eighth at most. */
  private static final int SLACK = 8;

  /** All that are open, of all devices. */
  private static final Set<Arena> OPEN = ConcurrentHashMap.newKeySet();

  private final Device device;

  /** Pieces that nobody uses, by bytes. */
  private final TreeMap<Long, Deque<DeviceMemory>> free = new TreeMap<>();

  private boolean closed;

  /** Memory of a device, of which nothing is taken yet. */
  public Arena(Device device) {
    this.device = device;
    OPEN.add(this);
  }

  @Override
  public Tensor take(int length) {
    long bytes = (long) length * Float.BYTES;
    DeviceMemory memory = poll(bytes);
    if (memory == null) {
      memory = allocate(device, bytes);
    }
    return new Tensor(memory, length);
  }

  private synchronized @Nullable DeviceMemory poll(long bytes) {
    Map.Entry<Long, Deque<DeviceMemory>> fitting = free.ceilingEntry(bytes);
    if (fitting == null || fitting.getKey() > bytes + bytes / SLACK) {
      return null;
    }
    DeviceMemory memory = fitting.getValue().pollFirst();
    if (fitting.getValue().isEmpty()) {
      free.remove(fitting.getKey());
    }
    return memory;
  }

  /**
   * New memory; where a device has none left, that which nobody uses there is freed first, be it
   * kept for other sizes or other networks.
   */
  static DeviceMemory allocate(Device device, long bytes) {
    try {
      return device.allocate(bytes);
    } catch (OutOfDeviceMemory e) {
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
    synchronized (this) {
      if (!closed) {
        DeviceMemory memory = tensor.memory();
        free.computeIfAbsent(memory.bytes(), b -> new ArrayDeque<>()).addFirst(memory);
        return;
      }
    }
    device.free(tensor.memory());
  }

  private void trim() {
    List<DeviceMemory> all = new ArrayList<>();
    synchronized (this) {
      free.values().forEach(all::addAll);
      free.clear();
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
