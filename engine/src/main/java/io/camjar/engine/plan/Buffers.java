package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Activations' memory between passes; the one given back last is taken first, since it is still in
 * cache. Shared by threads.
 */
final class Buffers {
  private record Kind(Shape shape, Halo halo, boolean picture) {}

  private final Map<Kind, Deque<Blocked>> free = new HashMap<>();

  /** Memory of this shape; its border is zero, its values are whatever they were. */
  Blocked take(Shape shape, Halo halo, boolean picture) {
    Kind kind = new Kind(shape, halo, picture);
    Blocked blocked;
    synchronized (this) {
      blocked = free.computeIfAbsent(kind, k -> new ArrayDeque<>()).pollFirst();
    }
    if (blocked != null) {
      return blocked;
    }
    return picture ? shape.picture(halo) : shape.zeros(halo);
  }

  /** Returns memory that was taken. */
  synchronized void give(Shape shape, Halo halo, boolean picture, Blocked blocked) {
    free.computeIfAbsent(new Kind(shape, halo, picture), k -> new ArrayDeque<>()).addFirst(blocked);
  }
}
