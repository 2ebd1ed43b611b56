package io.camjar.engine.backend.cpu.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory of parameters' gradients between passes: fresh memory for them would be touched page by
 * page at every step of a training. Shared by threads.
 */
public final class GradientMemory {
  private final Map<Integer, Deque<float[]>> free = new HashMap<>();
  private long bytes;

  /** An array of this length; its values are whatever they were. */
  public float[] take(int length) {
    synchronized (this) {
      Deque<float[]> some = free.get(length);
      float[] kept = some == null ? null : some.pollFirst();
      if (kept != null) {
        bytes -= (long) length * Float.BYTES;
        return kept;
      }
    }
    return new float[length];
  }

  /** Keeps an array for the next who takes one of its length. */
  public synchronized void give(float[] gradient) {
    free.computeIfAbsent(gradient.length, length -> new ArrayDeque<>()).addFirst(gradient);
    bytes += (long) gradient.length * Float.BYTES;
  }

  /** Bytes of the arrays that nobody has. */
  public synchronized long bytes() {
    return bytes;
  }
}
