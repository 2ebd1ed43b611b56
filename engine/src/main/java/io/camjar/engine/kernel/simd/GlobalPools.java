package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pools over the whole image, to features: one image of as many channels, one row, and a column for
 * each image of the batch.
 */
public final class GlobalPools {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private GlobalPools() {}

  /**
   * Means into the channels of {@code y} from {@code first}; rows are added in double precision.
   *
   * @param scratch holds the rows' sums
   */
  public static void mean(
      BlockedTensor x, BlockedTensor y, int first, Scratch scratch, Threads threads) {
    if (x.isSmall()) {
      each(
          x,
          threads,
          (image, channel, at) ->
              y.data[y.feature(image, first + channel)] = (float) (sum(x, at) / places(x)));
      y.clearTail();
      return;
    }
    scratch.reserve(0, threads.count(), x.height * Lanes.BLOCK);
    double[][] own = new double[threads.count()][Lanes.BLOCK];
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int image = task / x.blocks;
          int block = task % x.blocks;
          // All channels of a place together: they lie side by side.
          float[] rows = scratch.own(worker);
          for (int row = 0; row < x.height; row++) {
            sum(x.data, x.offset(image, block, row, 0), x.width, rows, row * Lanes.BLOCK);
          }
          // Rows outside, so that the compiler adds all channels together.
          double[] sums = own[worker];
          Arrays.fill(sums, 0);
          for (int at = 0; at < x.height * Lanes.BLOCK; at += Lanes.BLOCK) {
            for (int c = 0; c < Lanes.BLOCK; c++) {
              sums[c] += rows[at + c];
            }
          }
          int used = Math.min(x.block, x.channels - block * x.block);
          int to = first + block * x.block;
          int row = y.feature(image, to);
          boolean aligned = to % y.block == 0 && y.block >= used;
          for (int c = 0; c < used; c++) {
            y.data[aligned ? row + c : y.feature(image, to + c)] = (float) (sums[c] / places(x));
          }
        });
    y.clearTail();
  }

  /** The sum of a line of places, channel by channel. */
  private static void sum(float[] x, int from, int count, float[] sums, int to) {
    FloatVector p = FloatVector.zero(S);
    FloatVector q = FloatVector.zero(S);
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.BLOCK) {
      p = p.add(FloatVector.fromArray(S, x, from + i));
      q = q.add(FloatVector.fromArray(S, x, from + i + Lanes.COUNT));
    }
    p.intoArray(sums, to);
    q.intoArray(sums, to + Lanes.COUNT);
  }

  private static double sum(BlockedTensor x, int at) {
    double sum = 0;
    for (int row = 0; row < x.height; row++) {
      for (int column = 0; column < x.width; column++) {
        sum += x.data[at + row * x.rowPitch + column * x.block];
      }
    }
    return sum;
  }

  private static int places(BlockedTensor x) {
    return x.height * x.width;
  }

  /** Maxima into the channels of {@code y} from {@code first}; NaN wins over numbers. */
  public static void max(BlockedTensor x, BlockedTensor y, int first, Threads threads) {
    each(
        x,
        threads,
        (image, channel, at) ->
            y.data[y.feature(image, first + channel)] = x.data[at + place(x, at)]);
    y.clearTail();
  }

  /** Spreads each mean's gradient evenly; sets {@code dx}. */
  public static void meanBackward(BlockedTensor dy, int first, BlockedTensor dx, Threads threads) {
    each(
        dx,
        threads,
        (image, channel, at) -> {
          float share = dy.data[dy.feature(image, first + channel)] / (dx.height * dx.width);
          for (int row = 0; row < dx.height; row++) {
            for (int column = 0; column < dx.width; column++) {
              dx.data[at + row * dx.rowPitch + column * dx.block] = share;
            }
          }
        });
    dx.clearTail();
  }

  /** Adds each maximum's gradient to the first place of the maximum in {@code x}. */
  public static void maxBackward(
      BlockedTensor dy, int first, BlockedTensor x, BlockedTensor dx, Threads threads) {
    each(
        x,
        threads,
        (image, channel, at) ->
            dx.data[at + place(x, at)] += dy.data[dy.feature(image, first + channel)]);
  }

  /** Where the first maximum lies behind a channel's first value; ATen's rule for NaN. */
  private static int place(BlockedTensor x, int at) {
    int place = 0;
    float best = x.data[at];
    for (int row = 0; row < x.height; row++) {
      for (int column = 0; column < x.width; column++) {
        int here = row * x.rowPitch + column * x.block;
        float value = x.data[at + here];
        if (value > best || Float.isNaN(value)) {
          best = value;
          place = here;
        }
      }
    }
    return place;
  }

  private interface Channel {
    /** Works on a channel whose first value lies at {@code at}. */
    void run(int image, int channel, int at);
  }

  private static void each(BlockedTensor x, Threads threads, Channel work) {
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int image = task / x.blocks;
          int block = task % x.blocks;
          int used = Math.min(x.block, x.channels - block * x.block);
          for (int c = 0; c < used; c++) {
            work.run(image, block * x.block + c, x.offset(image, block, 0, 0) + c);
          }
        });
  }
}
