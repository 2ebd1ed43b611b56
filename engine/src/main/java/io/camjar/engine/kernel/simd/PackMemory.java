package io.camjar.engine.kernel.simd;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory that weights are laid out in. Weights that change between passes are laid out again before
 * each use: {@link #rewind} lets the next ones overwrite the last, so that no memory is taken
 * again.
 */
public final class PackMemory {
  private final List<float[]> arrays = new ArrayList<>();
  private double[][] own = new double[0][];
  private float[][] ownFloats = new float[0][];
  private int next;

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

  /** Makes sure that there is memory for this many workers while weights are laid out. */
  public void reserve(int workers, int doubles) {
    if (own.length < workers || own[0].length < doubles) {
      own = new double[workers][doubles];
    }
  }

  /** Memory of one worker alone. */
  public double[] own(int worker) {
    return own[worker];
  }

  /** As {@link #reserve}, for weights that are laid out in single precision. */
  public void reserveFloats(int workers, int floats) {
    if (ownFloats.length < workers || ownFloats[0].length < floats) {
      ownFloats = new float[workers][floats];
    }
  }

  /** Memory of one worker alone, in single precision. */
  public float[] ownFloats(int worker) {
    return ownFloats[worker];
  }
}
