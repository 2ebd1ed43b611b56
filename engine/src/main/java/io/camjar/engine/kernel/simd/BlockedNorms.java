package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * What a batch norm in training does to blocked activations: sums over channels, and sweeps that
 * use them. All arguments of a call have one layout.
 *
 * <p>Sums are of differences to the channel's first value, so that nothing is lost where a mean is
 * large compared with its deviation; some hundred of them in single precision, these in double
 * precision image by image, whatever the number of threads.
 */
public final class BlockedNorms {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Values that are summed in single precision. */
  private static final int RUN = 128;

  private BlockedNorms() {}

  /** Mean and biased variance of each channel, {@code [2][C]}. */
  public static double[][] moments(BlockedTensor x, Threads threads) {
    float[] pivot = pivot(x);
    double[][] sums = sums(x, threads, (at, c, cells, run) -> moments(x, at, cells, pivot, c, run));
    double count = (double) x.batch * x.height * x.width;
    for (int c = 0; c < x.channels; c++) {
      double mean = sums[0][c] / count;
      sums[1][c] = Math.max(0, sums[1][c] / count - mean * mean);
      sums[0][c] = pivot[c] + mean;
    }
    return sums;
  }

  /** Sums over each channel of dy and of dy times x, {@code [2][C]}. */
  public static double[][] gradientSums(BlockedTensor dy, BlockedTensor x, Threads threads) {
    float[] pivot = pivot(x);
    double[][] sums =
        sums(x, threads, (at, c, cells, run) -> products(dy, x, at, cells, pivot, c, run));
    for (int c = 0; c < x.channels; c++) {
      sums[1][c] += pivot[c] * sums[0][c];
    }
    return sums;
  }

  /**
   * {@code y = x * scale[c] + shift[c] + residual}, through a ReLU or not.
   *
   * @param scale padded as {@link Epilogue#pad} does, like {@code shift}
   */
  public static void normalise(
      BlockedTensor x,
      float[] scale,
      float[] shift,
      @Nullable BlockedTensor residual,
      boolean relu,
      BlockedTensor y,
      Threads threads) {
    float[] added = residual == null ? TileArgs.ZEROS : residual.data;
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    rows(
        x,
        threads,
        (at, c) -> {
          int from = residual == null ? 0 : at;
          int step = residual == null ? 0 : x.block;
          normalise(x.data, at, scale, shift, c, added, from, step, floor, y.data, x.width);
        });
  }

  /** {@code dx = p[c] * dy + q[c] * x + r[c]}; in place or not. */
  public static void combine(
      BlockedTensor dy,
      float[] p,
      BlockedTensor x,
      float[] q,
      float[] r,
      BlockedTensor dx,
      Threads threads) {
    rows(x, threads, (at, c) -> combine(dy.data, p, x.data, q, r, dx.data, at, c, x.width));
  }

  /** The first value of each channel. */
  private static float[] pivot(BlockedTensor x) {
    float[] pivot = new float[x.blocks * x.block];
    for (int b = 0; b < x.blocks; b++) {
      System.arraycopy(x.data, x.offset(0, b, 0, 0), pivot, b * x.block, x.block);
    }
    return pivot;
  }

  private interface Row {
    /** Works on a row from its first cell; {@code c} is the block's first channel. */
    void run(int at, int c);
  }

  private static void rows(BlockedTensor x, Threads threads, Row work) {
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int block = task % x.blocks;
          for (int row = 0; row < x.height; row++) {
            work.run(x.offset(task / x.blocks, block, row, 0), block * x.block);
          }
        });
  }

  private interface Run {
    /** Sums cells of some rows into {@code run}, {@code [2][block]}. */
    void sum(int at, int c, int cells, float[] run);
  }

  private static double[][] sums(BlockedTensor x, Threads threads, Run work) {
    int padded = x.blocks * x.block;
    double[] parts = new double[2 * x.batch * padded];
    int rows = Math.max(1, RUN / x.width);
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int block = task % x.blocks;
          float[] run = new float[2 * x.block];
          for (int row = 0; row < x.height; row += rows) {
            int cells = Math.min(rows, x.height - row) * x.width;
            work.sum(x.offset(task / x.blocks, block, row, 0), block * x.block, cells, run);
            for (int i = 0; i < run.length; i++) {
              parts[2 * task * x.block + i] += run[i];
            }
          }
        });
    double[][] sums = new double[2][padded];
    for (int task = 0; task < x.tasks(); task++) {
      for (int i = 0; i < 2 * x.block; i++) {
        sums[i / x.block][task % x.blocks * x.block + i % x.block] += parts[2 * task * x.block + i];
      }
    }
    return new double[][] {Arrays.copyOf(sums[0], x.channels), Arrays.copyOf(sums[1], x.channels)};
  }

  private static void moments(
      BlockedTensor x, int from, int cells, float[] pivot, int c, float[] run) {
    float[] data = x.data;
    FloatVector pp = FloatVector.fromArray(S, pivot, c);
    FloatVector pq = FloatVector.fromArray(S, pivot, c + Lanes.COUNT);
    FloatVector sp = FloatVector.zero(S);
    FloatVector sq = sp;
    FloatVector tp = sp;
    FloatVector tq = sp;
    int at = from;
    int left = x.width;
    for (int i = 0; i < cells; i++) {
      FloatVector vp = FloatVector.fromArray(S, data, at).sub(pp);
      FloatVector vq = FloatVector.fromArray(S, data, at + Lanes.COUNT).sub(pq);
      sp = sp.add(vp);
      sq = sq.add(vq);
      tp = vp.fma(vp, tp);
      tq = vq.fma(vq, tq);
      at += Lanes.BLOCK;
      left--;
      if (left == 0) {
        left = x.width;
        at += x.rowPitch - x.width * Lanes.BLOCK;
      }
    }
    sp.intoArray(run, 0);
    sq.intoArray(run, Lanes.COUNT);
    tp.intoArray(run, Lanes.BLOCK);
    tq.intoArray(run, Lanes.BLOCK + Lanes.COUNT);
  }

  private static void products(
      BlockedTensor dy, BlockedTensor x, int from, int cells, float[] pivot, int c, float[] run) {
    float[] data = x.data;
    float[] gradient = dy.data;
    FloatVector pp = FloatVector.fromArray(S, pivot, c);
    FloatVector pq = FloatVector.fromArray(S, pivot, c + Lanes.COUNT);
    FloatVector sp = FloatVector.zero(S);
    FloatVector sq = sp;
    FloatVector tp = sp;
    FloatVector tq = sp;
    int at = from;
    int left = x.width;
    for (int i = 0; i < cells; i++) {
      FloatVector gp = FloatVector.fromArray(S, gradient, at);
      FloatVector gq = FloatVector.fromArray(S, gradient, at + Lanes.COUNT);
      sp = sp.add(gp);
      sq = sq.add(gq);
      tp = FloatVector.fromArray(S, data, at).sub(pp).fma(gp, tp);
      tq = FloatVector.fromArray(S, data, at + Lanes.COUNT).sub(pq).fma(gq, tq);
      at += Lanes.BLOCK;
      left--;
      if (left == 0) {
        left = x.width;
        at += x.rowPitch - x.width * Lanes.BLOCK;
      }
    }
    sp.intoArray(run, 0);
    sq.intoArray(run, Lanes.COUNT);
    tp.intoArray(run, Lanes.BLOCK);
    tq.intoArray(run, Lanes.BLOCK + Lanes.COUNT);
  }

  private static void normalise(
      float[] x,
      int from,
      float[] scale,
      float[] shift,
      int c,
      float[] added,
      int first,
      int step,
      float least,
      float[] y,
      int count) {
    FloatVector ap = FloatVector.fromArray(S, scale, c);
    FloatVector aq = FloatVector.fromArray(S, scale, c + Lanes.COUNT);
    FloatVector bp = FloatVector.fromArray(S, shift, c);
    FloatVector bq = FloatVector.fromArray(S, shift, c + Lanes.COUNT);
    FloatVector floor = FloatVector.broadcast(S, least);
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      int r = first + i * step;
      FloatVector p = FloatVector.fromArray(S, x, at).fma(ap, bp);
      FloatVector q = FloatVector.fromArray(S, x, at + Lanes.COUNT).fma(aq, bq);
      p.add(FloatVector.fromArray(S, added, r)).max(floor).intoArray(y, at);
      q.add(FloatVector.fromArray(S, added, r + Lanes.COUNT))
          .max(floor)
          .intoArray(y, at + Lanes.COUNT);
    }
  }

  private static void combine(
      float[] dy, float[] p, float[] x, float[] q, float[] r, float[] dx, int from, int c, int n) {
    FloatVector pp = FloatVector.fromArray(S, p, c);
    FloatVector pq = FloatVector.fromArray(S, p, c + Lanes.COUNT);
    FloatVector qp = FloatVector.fromArray(S, q, c);
    FloatVector qq = FloatVector.fromArray(S, q, c + Lanes.COUNT);
    FloatVector rp = FloatVector.fromArray(S, r, c);
    FloatVector rq = FloatVector.fromArray(S, r, c + Lanes.COUNT);
    for (int i = 0; i < n; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector vp = FloatVector.fromArray(S, x, at).fma(qp, rp);
      FloatVector vq = FloatVector.fromArray(S, x, at + Lanes.COUNT).fma(qq, rq);
      FloatVector.fromArray(S, dy, at).fma(pp, vp).intoArray(dx, at);
      FloatVector.fromArray(S, dy, at + Lanes.COUNT).fma(pq, vq).intoArray(dx, at + Lanes.COUNT);
    }
  }
}
