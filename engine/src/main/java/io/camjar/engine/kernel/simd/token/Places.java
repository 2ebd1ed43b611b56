package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Work on all channels of some neighbouring places of a row. A sum over channels goes block by
 * block through these places, so that what is read lies together.
 */
final class Places {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Places that are worked on together: all their channels stay in a core's cache. */
  static final int RUN = 16;

  private Places() {}

  /** Work on some neighbouring places. */
  interface Run {
    /**
     * Does the work.
     *
     * @param at where the first block of the first place lies
     * @param count places
     * @param number of the first place among those of all images
     */
    void run(int at, int count, int number);
  }

  /** Runs the work on all places of all images. */
  static void run(BlockedTensor x, Threads threads, Run work) {
    int perRow = (x.width() + RUN - 1) / RUN;
    int rows = x.batch() * x.height();
    threads.run(
        rows * perRow,
        (task, worker) -> {
          int row = task / perRow;
          int column = task % perRow * RUN;
          int at = x.offset(row / x.height(), 0, row % x.height(), column);
          work.run(at, Math.min(RUN, x.width() - column), row * x.width() + column);
        });
  }

  /** How many places there are. */
  static int count(BlockedTensor x) {
    return x.batch() * x.height() * x.width();
  }

  /** 1 for each channel, and 0 for what fills the last block. */
  static float[] inside(BlockedTensor x) {
    float[] inside = new float[x.blocks * x.block];
    Arrays.fill(inside, 0, x.channels(), 1);
    return inside;
  }

  /** 0 for each channel, and minus infinity for what fills the last block. */
  static float[] outside(BlockedTensor x) {
    float[] outside = new float[x.blocks * x.block];
    Arrays.fill(outside, x.channels(), outside.length, Float.NEGATIVE_INFINITY);
    return outside;
  }

  /** The sum of each place's lanes, in double precision. */
  static void reduce(float[] lanes, int count, double[] sums) {
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int lane = i * Lanes.COUNT; lane < (i + 1) * Lanes.COUNT; lane++) {
        sum += lanes[lane];
      }
      sums[i] = sum;
    }
  }

  /** The sum of all blocks of each place, in lanes. */
  static void sum(BlockedTensor x, int at, int count, float[] lanes) {
    Arrays.fill(lanes, 0);
    for (int b = 0; b < x.blocks; b++) {
      sum(x.data, at + b * x.planePitch, count, lanes);
    }
  }

  private static void sum(float[] x, int from, int count, float[] lanes) {
    for (int i = 0; i < count; i++) {
      int a = from + i * Lanes.BLOCK;
      int to = i * Lanes.COUNT;
      FloatVector.fromArray(S, lanes, to)
          .add(FloatVector.fromArray(S, x, a).add(FloatVector.fromArray(S, x, a + Lanes.COUNT)))
          .intoArray(lanes, to);
    }
  }

  /** The sum of the products of two tensors of one layout. */
  static void products(BlockedTensor x, BlockedTensor y, int at, int count, float[] lanes) {
    Arrays.fill(lanes, 0);
    for (int b = 0; b < x.blocks; b++) {
      products(x.data, y.data, at + b * x.planePitch, count, lanes);
    }
  }

  private static void products(float[] x, float[] y, int from, int count, float[] lanes) {
    for (int i = 0; i < count; i++) {
      int a = from + i * Lanes.BLOCK;
      int b = a + Lanes.COUNT;
      int to = i * Lanes.COUNT;
      FloatVector sum = FloatVector.fromArray(S, lanes, to);
      sum = FloatVector.fromArray(S, x, a).fma(FloatVector.fromArray(S, y, a), sum);
      sum = FloatVector.fromArray(S, x, b).fma(FloatVector.fromArray(S, y, b), sum);
      sum.intoArray(lanes, to);
    }
  }

  /** The largest of each place's channels. */
  static void max(BlockedTensor x, float[] outside, int at, int count, float[] lanes, float[] max) {
    Arrays.fill(lanes, Float.NEGATIVE_INFINITY);
    for (int b = 0; b < x.blocks; b++) {
      max(x.data, at + b * x.planePitch, count, outside, b * Lanes.BLOCK, lanes);
    }
    for (int i = 0; i < count; i++) {
      max[i] = FloatVector.fromArray(S, lanes, i * Lanes.COUNT).reduceLanes(VectorOperators.MAX);
    }
  }

  private static void max(float[] x, int from, int count, float[] outside, int c, float[] lanes) {
    for (int i = 0; i < count; i++) {
      int a = from + i * Lanes.BLOCK;
      int b = a + Lanes.COUNT;
      int to = i * Lanes.COUNT;
      FloatVector p = FloatVector.fromArray(S, x, a).add(FloatVector.fromArray(S, outside, c));
      FloatVector q =
          FloatVector.fromArray(S, x, b).add(FloatVector.fromArray(S, outside, c + Lanes.COUNT));
      FloatVector.fromArray(S, lanes, to).max(p).max(q).intoArray(lanes, to);
    }
  }
}
