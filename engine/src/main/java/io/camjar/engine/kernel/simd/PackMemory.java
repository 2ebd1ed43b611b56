package io.camjar.engine.kernel.simd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory that weights are laid out in. Weights that change between passes are laid out again before
 * each use: {@link #rewind} lets the next ones overwrite the last, so that no memory is taken
 * again.
 */
public final class PackMemory {
  private final List<float[]> arrays = new ArrayList<>();
  private Own[] own = new Own[0];
  private int next;

  /** Memory of one worker alone, while it transforms kernels. */
  @SuppressWarnings("ArrayRecordComponent") // Memory to write to; never compared.
  public record Own(float[] weights, float[] kernels, double[] half) {}

  /** Gives all memory to whatever is laid out next; what is there now may no longer be used. */
  public void rewind() {
    next = 0;
  }

  /** At least this many floats; what they hold is not defined. */
  public float[] take(int floats) {
    if (next == arrays.size()) {
      arrays.add(new float[floats]);
    } else if (arrays.get(next).length < floats) {
      arrays.set(next, new float[floats]);
    }
    return arrays.get(next++);
  }

  /** Bytes held. */
  public long bytes() {
    long bytes = 0;
    for (float[] array : arrays) {
      bytes += (long) array.length * Float.BYTES;
    }
    for (Own one : own) {
      bytes += (long) (one.weights.length + one.kernels.length) * Float.BYTES;
      bytes += (long) one.half.length * Double.BYTES;
    }
    return bytes;
  }

  /** Makes sure that there is memory for this many workers while weights are laid out. */
  public void reserve(int workers, int weights, int kernels, int doubles) {
    if (own.length < workers || own[0].weights.length < weights || own[0].half.length < doubles) {
      own = new Own[workers];
      Arrays.setAll(
          own, worker -> new Own(new float[weights], new float[kernels], new double[doubles]));
    }
  }

  public Own own(int worker) {
    return own[worker];
  }
}
