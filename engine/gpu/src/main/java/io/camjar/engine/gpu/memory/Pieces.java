package io.camjar.engine.gpu.memory;

import io.camjar.engine.gpu.device.DeviceMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of memory that nobody uses. Which one is taken depends on which there are alone, so that a
 * pass that comes again takes the same.
 */
final class Pieces {
  /** A piece is taken for something shorter by an eighth at most. */
  private static final int SLACK = 8;

  /** By bytes. */
  private final TreeMap<Long, TreeSet<DeviceMemory>> pieces = new TreeMap<>();

  /** The piece of the least fitting size and of these the first; null where none fits. */
  @Nullable DeviceMemory take(long bytes) {
    Map.Entry<Long, TreeSet<DeviceMemory>> fitting = pieces.ceilingEntry(bytes);
    if (fitting == null || fitting.getKey() > bytes + bytes / SLACK) {
      return null;
    }
    DeviceMemory memory = fitting.getValue().pollFirst();
    if (fitting.getValue().isEmpty()) {
      pieces.remove(fitting.getKey());
    }
    return memory;
  }

  void add(DeviceMemory memory) {
    pieces
        .computeIfAbsent(
            memory.bytes(), b -> new TreeSet<>(Comparator.comparingLong(DeviceMemory::handle)))
        .add(memory);
  }

  /** All of them; none is left. */
  List<DeviceMemory> takeAll() {
    List<DeviceMemory> all = new ArrayList<>();
    pieces.values().forEach(all::addAll);
    pieces.clear();
    return all;
  }
}
