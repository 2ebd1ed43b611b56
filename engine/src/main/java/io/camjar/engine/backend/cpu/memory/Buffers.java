package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Activations' memory between passes; the one given back last is taken first, since it is still in
 * cache. Shared by threads.
 */
public final class Buffers {
  /** Free memory of one shape that has the same border and block. */
  private record Kind(Halo halo, boolean small, Deque<BlockedTensor> free) {}

  private final Map<BlockedShape, List<Kind>> kinds = new HashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Memory of this shape; its border is zero, its values are whatever they were.
   *
   * @param image whether few channels make a small block
   */
  public BlockedTensor take(BlockedShape shape, Halo halo, boolean image) {
    boolean small = image && BlockedTensor.fewChannels(shape.channels());
    BlockedTensor blocked;
    synchronized (this) {
      blocked = free(shape, halo, small).pollFirst();
    }
    if (blocked != null) {
      return blocked;
    }
    BlockedTensor made = small ? shape.image(halo) : shape.zeros(halo);
    bytes.addAndGet(made.bytes());
    return made;
  }

  /** Bytes of all that was made, in use or not. */
  public long bytes() {
    return bytes.get();
  }

  /** Returns memory that was taken. */
  public synchronized void give(BlockedShape shape, Halo halo, BlockedTensor blocked) {
    free(shape, halo, blocked.isSmall()).addFirst(blocked);
  }

  private Deque<BlockedTensor> free(BlockedShape shape, Halo halo, boolean small) {
    List<Kind> some = kinds.computeIfAbsent(shape, s -> new ArrayList<>());
    for (int i = 0; i < some.size(); i++) {
      Kind kind = some.get(i);
      if (kind.small == small && kind.halo.equals(halo)) {
        return kind.free;
      }
    }
    Kind made = new Kind(halo, small, new ArrayDeque<>());
    some.add(made);
    return made.free;
  }
}
