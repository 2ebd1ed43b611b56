package io.camjar.engine.plan;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.Border;
import io.camjar.engine.threads.Threads;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One forward: the values that are in memory. */
final class Forward {
  private final Schedule schedule;
  private final Buffers buffers;
  private final Memory memory;
  private final Threads threads;
  private final @Nullable SplittableRandom random;
  private final @Nullable Blocked[] values;
  private @Nullable Object @Nullable [] saved;

  /**
   * A forward that has not begun.
   *
   * @param memory its own while it runs
   * @param random what dropout draws from; null evaluating
   */
  Forward(
      Schedule schedule,
      Buffers buffers,
      Memory memory,
      Threads threads,
      @Nullable SplittableRandom random) {
    this.schedule = schedule;
    this.buffers = buffers;
    this.memory = memory;
    this.threads = threads;
    this.random = random;
    this.values = new Blocked[schedule.values()];
  }

  Schedule schedule() {
    return schedule;
  }

  Buffers buffers() {
    return buffers;
  }

  Memory memory() {
    return memory;
  }

  Threads threads() {
    return threads;
  }

  /** Sets a value that the pass starts from. */
  void give(int value, INDArray array) {
    Blocked blocked = take(value);
    values[value] = blocked;
    if (schedule.shape(value).features()) {
      Border.fillFeatures(array, blocked);
    } else {
      Border.fill(array, blocked, memory.scratch());
    }
  }

  /** Computes every value from those that were given. */
  void run() {
    for (int value = 1; value < values.length; value++) {
      Node node = schedule.node(value);
      if (node != null && values[value] == null) {
        Blocked y = take(value);
        values[value] = y;
        node.forward(this, value, y);
        for (int done : schedule.doneAfter(value)) {
          free(done);
        }
      }
    }
  }

  /** A mask of dropout for a value, 0 or {@code 1 / (1 - p)}, drawn in the order of the array. */
  Blocked mask(int value, double p) {
    if (random == null) {
      throw new IllegalStateException("nothing is dropped in evaluation mode");
    }
    Shape shape = schedule.shape(value);
    float[] draws = new float[Math.toIntExact((long) shape.perChannel() * shape.channels())];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = random.nextDouble() < p ? 0 : (float) (1 / (1 - p));
    }
    Blocked mask = shape.zeros(schedule.halo(value));
    try (INDArray array = HostCopy.array(draws, shape.array())) {
      if (shape.features()) {
        Border.fillFeatures(array, mask);
      } else {
        Border.fill(array, mask, memory.scratch());
      }
    }
    return mask;
  }

  /** Stores what the backward of a node needs besides values. */
  void save(int value, Object what) {
    if (saved == null) {
      saved = new Object[values.length];
    }
    saved[value] = what;
  }

  /** What was stored for a node. */
  <T> T saved(int value, Class<T> type) {
    Object what = saved == null ? null : saved[value];
    if (what == null) {
      throw new IllegalStateException("the forward of value " + value + " saved nothing");
    }
    return type.cast(what);
  }

  private Blocked take(int value) {
    return buffers.take(schedule.shape(value), schedule.halo(value), value == 0);
  }

  /** A value that is in memory. */
  Blocked value(int value) {
    Blocked blocked = values[value];
    if (blocked == null) {
      throw new IllegalStateException("value " + value + " is not in memory");
    }
    return blocked;
  }

  /** The last value: the logits. */
  Blocked logits() {
    return value(values.length - 1);
  }

  /** Bytes of the values in memory. */
  long bytes() {
    long bytes = 0;
    for (Blocked value : values) {
      bytes += value == null ? 0 : value.bytes();
    }
    return bytes;
  }

  private void free(int value) {
    Blocked blocked = values[value];
    if (blocked != null) {
      buffers.give(schedule.shape(value), schedule.halo(value), value == 0, blocked);
      values[value] = null;
    }
  }

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < values.length; value++) {
      free(value);
    }
  }
}
