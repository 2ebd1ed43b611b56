package io.camjar.engine.kernel.simd;

import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Tally;
import java.util.Arrays;
import java.util.BitSet;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * What one thread sums up of a tensor's planes, a plane being one block of one image. What is
 * summed is counted by {@link BinCounts} while it is in cache.
 *
 * <p>Extremes and counts are those of the numbers' bits, which are ordered as the numbers are once
 * negative ones are turned around: whole numbers compare in one instruction, and NaN lies beyond
 * infinity instead of making everything NaN.
 */
final class PlaneSums {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);

  /** Values of a channel that are summed in single precision. */
  private static final int RUN = 128;

  private static final int SIZE_BITS = 0x7fffffff;

  /** Squares of what lies beyond these are no normal numbers, or are infinite with a few more. */
  private static final float LARGEST = 1e17f;

  private static final float SMALLEST = 1e-15f;

  private final BlockedTensor x;

  /** Whether a block is one of few channels, whose rows are vectors without regard to channels. */
  private final boolean small;

  private final int limit;
  private final boolean relu;
  private final @Nullable BinCounts bins;

  /** Of a plane, by channel. */
  private final int[] least = new int[Lanes.BLOCK];

  private final int[] most = new int[Lanes.BLOCK];
  private final int[] near = new int[Lanes.BLOCK];
  private final int[] reluNear = new int[Lanes.BLOCK];

  /** Sums, sums of squares, and the same behind a ReLU: of a run, and of a plane. */
  private final float[] run = new float[4 * Lanes.BLOCK];

  private final double[] plane = new double[4 * Lanes.BLOCK];

  /** Of all planes so far. */
  private final BitSet live;

  private final BitSet reluLive;
  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;
  private long count;
  private long allNear;
  private long allReluNear;
  private boolean finite = true;

  /** Whether the values of a tensor lie in whole vectors. */
  static boolean fits(BlockedTensor x) {
    return !x.isSmall() || x.width * x.block % Lanes.COUNT == 0;
  }

  PlaneSums(BlockedTensor x, Measure measure, boolean relu) {
    this.x = x;
    this.small = x.isSmall();
    this.limit = Float.floatToRawIntBits(measure.nearZero()) + 1;
    this.relu = relu;
    this.bins = measure.histogram() ? new BinCounts() : null;
    this.live = new BitSet(x.channels);
    this.reluLive = new BitSet(x.channels);
  }

  /**
   * Adds a plane.
   *
   * @param sums where its sum and its sum of squares go, and those behind a ReLU if these are asked
   *     for
   */
  void add(int image, int block, double[] sums, int at) {
    Arrays.fill(least, Integer.MAX_VALUE);
    Arrays.fill(most, Integer.MIN_VALUE);
    Arrays.fill(near, 0);
    Arrays.fill(reluNear, 0);
    Arrays.fill(plane, 0);
    sum(x.offset(image, block, 0, 0));
    int first = block * x.block;
    int used = Math.min(x.block, x.channels - first);
    int lanes = small ? Lanes.COUNT : used;
    boolean holds = true;
    for (int c = 0; c < lanes; c++) {
      float low = number(least[c]);
      float high = number(most[c]);
      float size = Math.max(Math.abs(low), Math.abs(high));
      finite &= size <= Float.MAX_VALUE; // not NaN either
      holds &= size < LARGEST && (size >= SMALLEST || size == 0);
      holds &= !relu || high >= SMALLEST || high <= 0;
      min = Math.min(min, low);
      max = Math.max(max, high);
      allNear += near[c];
      allReluNear += reluNear[c];
      if (size > 0 && !small) {
        live.set(first + c);
      }
      if (high > 0 && !small) {
        reluLive.set(first + c);
      }
    }
    if (small) {
      for (int c = 0; c < used; c++) {
        findLive(image, c);
      }
    }
    count += (long) used * x.height * x.width;
    if (!holds) {
      sumExactly(image, block, lanes);
    }
    for (int i = 0; i < (relu ? 4 : 2); i++) {
      double sum = 0;
      for (int c = 0; c < lanes; c++) {
        sum += plane[i * Lanes.BLOCK + c];
      }
      sums[at + i] = sum;
    }
  }

  /** Looks for a value that is not 0 in a channel of a block of few. */
  private void findLive(int image, int channel) {
    for (int row = 0; row < x.height && !reluLive.get(channel); row++) {
      int from = x.offset(image, 0, row, 0) + channel;
      for (int i = from; i < from + x.width * x.block && !reluLive.get(channel); i += x.block) {
        if (x.data[i] != 0) {
          live.set(channel);
        }
        if (x.data[i] > 0) {
          reluLive.set(channel);
        }
      }
    }
  }

  private void sum(int from) {
    int width = small ? x.width * x.block / Lanes.COUNT : x.width;
    int step = small ? Lanes.COUNT : Lanes.BLOCK;
    int rows = Math.max(1, RUN / width);
    for (int row = 0; row < x.height; row += rows) {
      int some = Math.min(rows, x.height - row);
      for (int column = 0; column < width; column += RUN) {
        int columns = Math.min(RUN, width - column);
        int at = from + row * x.rowPitch + column * step;
        for (int lane = 0; lane < step; lane += Lanes.COUNT) {
          if (relu) {
            halfWithRelu(x.data, at + lane, some, columns, step, lane);
          } else {
            half(x.data, at + lane, some, columns, step, lane);
          }
        }
        int numbers = relu ? plane.length : plane.length / 2;
        for (int i = 0; i < numbers; i++) {
          plane[i] += run[i];
        }
        if (bins != null) { // of what is in cache now
          int largest = 0;
          for (int lane = 0; lane < step; lane += Lanes.COUNT) {
            largest = Math.max(largest, largest(lane));
          }
          count(bins, at, some, columns * step, largest);
        }
      }
    }
  }

  /** Counts some rows, together with the border between them where that makes whole vectors. */
  private void count(BinCounts of, int at, int rows, int floats, int largest) {
    if (x.rowPitch % Lanes.COUNT == 0) {
      int all = (rows - 1) * x.rowPitch + floats;
      of.add(x.data, at, all / Lanes.COUNT, largest);
      return;
    }
    for (int row = 0; row < rows; row++) {
      of.add(x.data, at + row * x.rowPitch, floats / Lanes.COUNT, largest);
    }
  }

  /** Some rows of half a block: the other half is still in cache when its turn comes. */
  private void half(float[] data, int at, int rows, int columns, int step, int lane) {
    FloatVector sum = FloatVector.zero(S);
    FloatVector square = sum;
    IntVector low = IntVector.fromArray(I, least, lane);
    IntVector high = IntVector.fromArray(I, most, lane);
    IntVector count = IntVector.fromArray(I, near, lane);
    int i = at;
    int left = columns;
    int skip = x.rowPitch - columns * step;
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
      i += step;
      left--;
      if (left == 0) {
        left = columns;
        i += skip;
      }
    }
    sum.intoArray(run, lane);
    square.intoArray(run, Lanes.BLOCK + lane);
    low.intoArray(least, lane);
    high.intoArray(most, lane);
    count.intoArray(near, lane);
  }

  /** The same together with the sums of {@code max(x, 0)}. */
  private void halfWithRelu(float[] data, int at, int rows, int columns, int step, int lane) {
    FloatVector sum = FloatVector.zero(S);
    FloatVector square = sum;
    FloatVector reluSum = sum;
    FloatVector reluSquare = sum;
    IntVector low = IntVector.fromArray(I, least, lane);
    IntVector high = IntVector.fromArray(I, most, lane);
    IntVector count = IntVector.fromArray(I, near, lane);
    IntVector reluCount = IntVector.fromArray(I, reluNear, lane);
    int i = at;
    int left = columns;
    int skip = x.rowPitch - columns * step;
    for (int cell = rows * columns; cell > 0; cell--) {
      FloatVector v = FloatVector.fromArray(S, data, i);
      IntVector bits = v.reinterpretAsInts();
      sum = sum.add(v);
      square = v.fma(v, square);
      IntVector sign = bits.lanewise(VectorOperators.ASHR, 31);
      IntVector size = bits.and(SIZE_BITS);
      count = count.add(size.sub(limit).lanewise(VectorOperators.LSHR, 31));
      IntVector ordered = bits.lanewise(VectorOperators.XOR, sign.and(SIZE_BITS));
      low = low.min(ordered);
      high = high.max(ordered);
      IntVector open = bits.lanewise(VectorOperators.AND_NOT, sign);
      FloatVector y = open.reinterpretAsFloats();
      reluSum = reluSum.add(y);
      reluSquare = y.fma(y, reluSquare);
      reluCount = reluCount.add(open.sub(limit).lanewise(VectorOperators.LSHR, 31));
      i += step;
      left--;
      if (left == 0) {
        left = columns;
        i += skip;
      }
    }
    sum.intoArray(run, lane);
    square.intoArray(run, Lanes.BLOCK + lane);
    reluSum.intoArray(run, 2 * Lanes.BLOCK + lane);
    reluSquare.intoArray(run, 3 * Lanes.BLOCK + lane);
    low.intoArray(least, lane);
    high.intoArray(most, lane);
    count.intoArray(near, lane);
    reluCount.intoArray(reluNear, lane);
  }

  /** The sums of the plane again, where single precision does not hold squares. */
  private void sumExactly(int image, int block, int lanes) {
    Arrays.fill(plane, 0);
    for (int row = 0; row < x.height; row++) {
      int from = x.offset(image, block, row, 0);
      int step = small ? Lanes.COUNT : Lanes.BLOCK;
      for (int i = from; i < from + x.width * x.block; i += step) {
        for (int c = 0; c < lanes; c++) {
          double value = x.data[i + c];
          double open = Math.max(value, 0);
          plane[c] += value;
          plane[Lanes.BLOCK + c] += value * value;
          plane[2 * Lanes.BLOCK + c] += open;
          plane[3 * Lanes.BLOCK + c] += open * open;
        }
      }
    }
  }

  /** The bits of the largest size so far in the plane among some channels. */
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

  /** Whether all values were finite; if not, nothing else is known of them. */
  boolean isFinite() {
    return finite;
  }

  /** Adds all but the sums, of the values or of those behind a ReLU. */
  void addTo(Tally tally, boolean behindRelu) {
    if (behindRelu) {
      tally.addCounts(count, Math.max(min, 0), Math.max(max, 0), allReluNear);
      tally.live(reluLive);
    } else {
      tally.addCounts(count, min, max, allNear);
      tally.live(live);
    }
    if (bins != null) {
      tally.addBins(bins.counts(count, behindRelu));
    }
  }
}
