package io.camjar.engine.kernel.simd;

import io.camjar.engine.statistics.Bins;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Counts values by {@link Bins} without an addition in memory for each: neighbours often share a
 * bin, and such additions would wait for one another.
 *
 * <p>Each lane counts the sixteen exponents from the largest one down by itself, in four bits each:
 * one is shifted to the place of the value's exponent and added. Before such a counter can overflow
 * all are added to counters of eight bits, and these, at the end of a run, over the lanes. Of
 * smaller values a few are counted one by one, many by counting the next sixteen exponents; what is
 * nearer to zero than the smallest bin is all that was not counted.
 */
final class BinCounts {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);

  /** Values of a lane that are counted in four bits, and in eight. */
  private static final int FEW = 15;

  private static final int MOST = 255;

  /** Vectors with smaller values whose lanes are looked at one by one. */
  private static final int SINGLE = 8;

  private static final int WINDOW = 16;
  private static final int MANTISSA_BITS = 23;
  private static final int EXPONENTS = 256;
  private static final int SIZE_BITS = 0x7fffffff;
  private static final int NIBBLES = 0x0f0f0f0f;
  private static final int BYTES = 0x00ff00ff;

  /** The exponent of the smallest bin, as numbers store it. */
  private static final int LOWEST = 127 + Bins.LOWEST;

  /** Of all, and of negative values, by exponent as numbers store it. */
  private final long[] all = new long[EXPONENTS];

  private final long[] negative = new long[EXPONENTS];

  /** Where there are smaller values. */
  private final int[] places = new int[SINGLE];

  /**
   * Counts some rows of a vector's channels.
   *
   * @param at where the first value lies; the next column is {@link Lanes#BLOCK} on
   * @param pitch between rows
   * @param largest the bits of a size that no value exceeds
   */
  void add(float[] data, int at, int rows, int columns, int pitch, int largest) {
    int top = largest >>> MANTISSA_BITS;
    if (top < LOWEST) {
      return;
    }
    int rowsAtOnce = Math.max(1, MOST / columns);
    for (int row = 0; row < rows; row += rowsAtOnce) {
      int some = Math.min(rowsAtOnce, rows - row);
      for (int column = 0; column < columns; column += MOST) {
        int from = at + row * pitch + column * Lanes.BLOCK;
        int someColumns = Math.min(MOST, columns - column);
        int base = top - WINDOW + 1;
        int smaller = count(data, from, some, someColumns, pitch, base);
        while (smaller > SINGLE) {
          base -= WINDOW;
          smaller = count(data, from, some, someColumns, pitch, base);
        }
        for (int i = 0; i < smaller; i++) {
          countBelow(data, places[i], base);
        }
      }
    }
  }

  /**
   * Counts the sixteen exponents from {@code base} on.
   *
   * @return how many vectors have smaller values, of which the first are noted
   */
  private int count(float[] data, int at, int rows, int columns, int pitch, int base) {
    IntVector one = IntVector.broadcast(I, 1);
    IntVector zero = IntVector.zero(I);
    IntVector evenLow = zero;
    IntVector oddLow = zero;
    IntVector evenHigh = zero;
    IntVector oddHigh = zero;
    IntVector evenLowNegative = zero;
    IntVector oddLowNegative = zero;
    IntVector evenHighNegative = zero;
    IntVector oddHighNegative = zero;
    int smaller = 0;
    int i = at;
    int left = columns;
    for (int cells = rows * columns; cells > 0; cells -= FEW) {
      IntVector low = zero;
      IntVector high = zero;
      IntVector lowNegative = zero;
      IntVector highNegative = zero;
      for (int cell = Math.min(FEW, cells); cell > 0; cell--) {
        IntVector bits = FloatVector.fromArray(S, data, i).reinterpretAsInts();
        IntVector exponent = bits.and(SIZE_BITS).lanewise(VectorOperators.LSHR, MANTISSA_BITS);
        IntVector place = exponent.sub(base);
        IntVector counted =
            one.lanewise(VectorOperators.LSHL, place.lanewise(VectorOperators.LSHL, 2));
        IntVector countedNegative = counted.and(bits.lanewise(VectorOperators.ASHR, 31));
        IntVector octet = place.lanewise(VectorOperators.LSHR, 3);
        var isLow = octet.compare(VectorOperators.EQ, 0);
        var isHigh = octet.compare(VectorOperators.EQ, 1);
        low = low.add(counted, isLow);
        high = high.add(counted, isHigh);
        lowNegative = lowNegative.add(countedNegative, isLow);
        highNegative = highNegative.add(countedNegative, isHigh);
        IntVector below = place.lanewise(VectorOperators.AND_NOT, exponent.sub(LOWEST));
        if (below.compare(VectorOperators.LT, 0).anyTrue()) {
          if (smaller < SINGLE) {
            places[smaller] = i;
          }
          smaller++;
        }
        i += Lanes.BLOCK;
        left--;
        if (left == 0) {
          left = columns;
          i += pitch - columns * Lanes.BLOCK;
        }
      }
      evenLow = evenLow.add(low.and(NIBBLES));
      oddLow = oddLow.add(low.lanewise(VectorOperators.LSHR, 4).and(NIBBLES));
      evenHigh = evenHigh.add(high.and(NIBBLES));
      oddHigh = oddHigh.add(high.lanewise(VectorOperators.LSHR, 4).and(NIBBLES));
      evenLowNegative = evenLowNegative.add(lowNegative.and(NIBBLES));
      oddLowNegative =
          oddLowNegative.add(lowNegative.lanewise(VectorOperators.LSHR, 4).and(NIBBLES));
      evenHighNegative = evenHighNegative.add(highNegative.and(NIBBLES));
      oddHighNegative =
          oddHighNegative.add(highNegative.lanewise(VectorOperators.LSHR, 4).and(NIBBLES));
    }
    addLanes(all, base, evenLow);
    addLanes(all, base + 1, oddLow);
    addLanes(all, base + 8, evenHigh);
    addLanes(all, base + 9, oddHigh);
    addLanes(negative, base, evenLowNegative);
    addLanes(negative, base + 1, oddLowNegative);
    addLanes(negative, base + 8, evenHighNegative);
    addLanes(negative, base + 9, oddHighNegative);
    return smaller;
  }

  /** Adds counters of eight bits, of every second exponent from one on, over all lanes. */
  private static void addLanes(long[] counts, int exponent, IntVector bytes) {
    // Two sums fit into an int: 16 lanes of at most 255.
    int pair = bytes.and(BYTES).reduceLanes(VectorOperators.ADD);
    int other = bytes.lanewise(VectorOperators.LSHR, 8).and(BYTES).reduceLanes(VectorOperators.ADD);
    add(counts, exponent, pair & 0xffff);
    add(counts, exponent + 2, other & 0xffff);
    add(counts, exponent + 4, pair >>> 16);
    add(counts, exponent + 6, other >>> 16);
  }

  private static void add(long[] counts, int exponent, int count) {
    if (count > 0) { // there are no exponents outside the array
      counts[exponent] += count;
    }
  }

  private void countBelow(float[] data, int at, int base) {
    for (int i = at; i < at + Lanes.COUNT; i++) {
      int bits = Float.floatToRawIntBits(data[i]);
      int exponent = (bits & SIZE_BITS) >>> MANTISSA_BITS;
      if (exponent >= LOWEST && exponent < base) {
        all[exponent]++;
        negative[exponent] += bits >>> 31;
      }
    }
  }

  /**
   * The counts by {@link Bins}.
   *
   * @param values how many there are, without those that fill a block
   */
  long[] counts(long values) {
    long[] counts = new long[Bins.COUNT];
    long rest = values;
    for (int exponent = LOWEST; exponent < EXPONENTS; exponent++) {
      if (all[exponent] > 0) {
        float number = Float.intBitsToFloat(exponent << MANTISSA_BITS);
        counts[Bins.of(number)] += all[exponent] - negative[exponent];
        counts[Bins.of(-number)] += negative[exponent];
        rest -= all[exponent];
      }
    }
    counts[Bins.POWERS] += rest;
    return counts;
  }
}
