package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Activations' memory between passes; the one given back last is taken first, since it is still in
 * cache. Shared by threads.
 */
public final class Buffers {
  private record Kind(BlockedShape shape, Halo halo, boolean small) {}

  private final Map<Kind, Deque<BlockedTensor>> free = new HashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Memory of this shape; its border is zero, its values are whatever they were.
   *
   * @param picture whether few channels make a small block
   */
  public BlockedTensor take(BlockedShape shape, Halo halo, boolean picture) {
    boolean small = picture && BlockedTensor.fewChannels(shape.channels());
    BlockedTensor blocked;
    synchronized (this) {
      blocked =
          free.computeIfAbsent(new Kind(shape, halo, small), k -> new ArrayDeque<>()).pollFirst();
    }
    if (blocked != null) {
      return blocked;
    }
    BlockedTensor made = small ? shape.picture(halo) : shape.zeros(halo);
    bytes.addAndGet(made.bytes());
    return made;
  }

  /** Bytes of all that was made, in use or not. */
  public long bytes() {
    return bytes.get();
  }

  /** Returns memory that was taken. */
  public synchronized void give(BlockedShape shape, Halo halo, BlockedTensor blocked) {
    free.computeIfAbsent(new Kind(shape, halo, blocked.isSmall()), k -> new ArrayDeque<>())
        .addFirst(blocked);
  }
}
