package io.camjar.engine.kernel.simd;

import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Sums, extremes and counts of blocked activations in one pass over memory: what is summed is
 * counted by {@link BinCounts} while it is in cache.
 *
 * <p>About a hundred values of a channel are summed in single precision, these sums in double
 * precision, plane by plane: the same bits on any number of threads. Extremes and counts are those
 * of the numbers' bits, which are ordered as the numbers are once negative ones are turned around:
 * whole numbers compare in one instruction, and NaN lies beyond infinity instead of making
 * everything NaN.
 */
public final class BlockedSummary {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);

  /** Values of a channel that are summed in single precision. */
  private static final int RUN = 128;

  private static final int SIZE_BITS = 0x7fffffff;

  /** Squares of what lies beyond these are no normal numbers, or are infinite with a few more. */
  private static final float LARGEST = 1e17f;

  private static final float SMALLEST = 1e-15f;

  private BlockedSummary() {}

  /** The summary of all values, without what fills the last block. */
  public static Summary of(BlockedTensor x, Measure measure, Threads threads) {
    Part[] parts = new Part[x.tasks()];
    threads.run(
        parts.length,
        (task, worker) -> parts[task] = new Part(x, task / x.blocks, task % x.blocks, measure));
    Tally tally = new Tally(measure, x.channels);
    Summary exact = null;
    for (Part part : parts) {
      part.addTo(tally);
      exact = part.exact == null ? exact : exact == null ? part.exact : exact.plus(part.exact);
    }
    Summary fast = tally.summary();
    return exact == null ? fast : fast.plus(exact);
  }

  /** The summary of the first values in memory, which have no units. */
  public static Summary ofPlain(BlockedTensor x, int length, Measure measure) {
    Tally tally = new Tally(measure, 0);
    for (int i = 0; i < length; i++) {
      tally.add(x.data[i], -1);
    }
    return tally.summary();
  }

  /** A plane: one block of one image. */
  private static final class Part {
    private final int first;
    private final int used;
    private final long cells;
    private final double[] sums;
    private final double[] squares;
    private final int[] least;
    private final int[] most;
    private final int[] near;
    private final @Nullable BinCounts bins;

    /** Value by value, where the fast sums do not hold. */
    private final @Nullable Summary exact;

    Part(BlockedTensor x, int image, int block, Measure measure) {
      this.first = block * x.block;
      this.used = Math.min(x.block, x.channels - first);
      this.cells = (long) x.height * x.width;
      this.sums = new double[x.block];
      this.squares = new double[x.block];
      this.least = new int[x.block];
      this.most = new int[x.block];
      this.near = new int[x.block];
      boolean fast = x.block == Lanes.BLOCK;
      this.bins = fast && measure.histogram() ? new BinCounts() : null;
      if (fast) {
        sum(x, x.offset(image, block, 0, 0), measure);
        fast = holds();
      }
      this.exact = fast ? null : exactly(x, image, block, measure);
    }

    private void sum(BlockedTensor x, int from, Measure measure) {
      Arrays.fill(least, Integer.MAX_VALUE);
      Arrays.fill(most, Integer.MIN_VALUE);
      int limit = Float.floatToRawIntBits(measure.nearZero()) + 1;
      int rows = Math.max(1, RUN / x.width);
      float[] run = new float[2 * Lanes.COUNT];
      for (int row = 0; row < x.height; row += rows) {
        int some = Math.min(rows, x.height - row);
        for (int column = 0; column < x.width; column += RUN) {
          int columns = Math.min(RUN, x.width - column);
          int at = from + row * x.rowPitch + column * x.block;
          int largest = 0;
          for (int lane = 0; lane < x.block; lane += Lanes.COUNT) {
            half(x.data, at + lane, some, columns, x.rowPitch, limit, run, lane);
            largest = Math.max(largest, largest(lane));
          }
          if (bins != null) { // of what is in cache now
            for (int lane = 0; lane < x.block; lane += Lanes.COUNT) {
              bins.add(x.data, at + lane, some, columns, x.rowPitch, largest);
            }
          }
        }
      }
    }

    /** Some rows of half a block: the other half is still in cache when its turn comes. */
    private void half(
        float[] data, int at, int rows, int columns, int pitch, int limit, float[] run, int lane) {
      FloatVector sum = FloatVector.zero(S);
      FloatVector square = sum;
      IntVector low = IntVector.fromArray(I, least, lane);
      IntVector high = IntVector.fromArray(I, most, lane);
      IntVector count = IntVector.fromArray(I, near, lane);
      int i = at;
      int left = columns;
      for (int cell = rows * columns; cell > 0; cell--) {
        FloatVector v = FloatVector.fromArray(S, data, i);
        IntVector bits = v.reinterpretAsInts();
        sum = sum.add(v);
        square = v.fma(v, square);
        IntVector size = bits.and(SIZE_BITS);
        count = count.add(size.sub(limit).lanewise(VectorOperators.LSHR, 31));
        IntVector ordered =
            bits.lanewise(
                VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(SIZE_BITS));
        low = low.min(ordered);
        high = high.max(ordered);
        i += Lanes.BLOCK;
        left--;
        if (left == 0) {
          left = columns;
          i += pitch - columns * Lanes.BLOCK;
        }
      }
      sum.intoArray(run, 0);
      square.intoArray(run, Lanes.COUNT);
      low.intoArray(least, lane);
      high.intoArray(most, lane);
      count.intoArray(near, lane);
      for (int c = 0; c < Lanes.COUNT; c++) {
        sums[lane + c] += run[c];
        squares[lane + c] += run[Lanes.COUNT + c];
      }
    }

    /** The bits of the largest size so far among some channels. */
    private int largest(int lane) {
      return size(IntVector.fromArray(I, least, lane))
          .max(size(IntVector.fromArray(I, most, lane)))
          .reduceLanes(VectorOperators.MAX);
    }

    private static IntVector size(IntVector ordered) {
      return ordered
          .lanewise(VectorOperators.XOR, ordered.lanewise(VectorOperators.ASHR, 31))
          .and(SIZE_BITS);
    }

    private static float number(int ordered) {
      return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & SIZE_BITS));
    }

    /** Whether all is finite, and of a size whose squares single precision can sum. */
    private boolean holds() {
      for (int c = 0; c < used; c++) {
        float size = Math.max(Math.abs(number(least[c])), Math.abs(number(most[c])));
        if (!(size < LARGEST) || (size < SMALLEST && size > 0)) {
          return false;
        }
      }
      return true;
    }

    private Summary exactly(BlockedTensor x, int image, int block, Measure measure) {
      Tally tally = new Tally(measure, x.channels);
      for (int row = 0; row < x.height; row++) {
        int from = x.offset(image, block, row, 0);
        for (int i = from; i < from + x.width * x.block; i += x.block) {
          for (int c = 0; c < used; c++) {
            tally.add(x.data[i + c], first + c);
          }
        }
      }
      return tally.summary();
    }

    void addTo(Tally tally) {
      if (exact == null) {
        for (int c = 0; c < used; c++) {
          float low = number(least[c]);
          float high = number(most[c]);
          tally.add(cells, sums[c], squares[c], low, high, near[c]);
          if (low != 0 || high != 0) {
            tally.live(first + c);
          }
        }
        if (bins != null) {
          tally.addBins(bins.counts(cells * used));
        }
      }
    }
  }
}
