package io.camjar.engine.kernel.simd;

import java.util.Arrays;

/** Memory that kernels need between their phases; one pass at a time, kept from pass to pass. */
public final class Scratch {
  private float[] common = new float[0];
  private float[][] own = new float[0][];

  /** Makes sure that there is memory for this many workers; before they start. */
  public void reserve(int commonFloats, int workers, int ownFloats) {
    if (common.length < commonFloats) {
      common = new float[commonFloats];
    }
    if (own.length < workers) {
      int had = own.length;
      own = Arrays.copyOf(own, workers);
      Arrays.fill(own, had, workers, new float[0]);
    }
    for (int i = 0; i < workers; i++) {
      if (own[i].length < ownFloats) {
        own[i] = new float[ownFloats];
      }
    }
  }

  /** Memory that all workers share. */
  public float[] common() {
    return common;
  }

  /** Memory of one worker alone. */
  public float[] own(int worker) {
    return own[worker];
  }

  /** Bytes held. */
  public long bytes() {
    long floats = common.length;
    for (float[] f : own) {
      floats += f.length;
    }
    return floats * Float.BYTES;
  }
}
