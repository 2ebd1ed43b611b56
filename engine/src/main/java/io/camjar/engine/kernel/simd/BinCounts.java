package io.camjar.engine.kernel.simd;

import io.camjar.engine.statistics.Bins;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Counts values by {@link Bins} without an addition in memory for each: neighbours often share a
 * bin, and such additions would wait for one another.
 *
 * <p>Each lane counts the sixteen exponents from the largest one down by itself, in four bits each:
 * one is shifted to the place of the value's exponent and added. Before such a counter can overflow
 * all are added to counters of eight bits, these at the end of a run to counters of sixteen, and
 * these, when they are full and in the end, over the lanes. Of smaller values a few are counted one
 * by one, many by counting the next sixteen exponents; what is nearer to zero than the smallest bin
 * is all that was not counted.
 */
final class BinCounts {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);

  /** Vectors that are counted in four bits a lane, in eight, and runs of these in sixteen. */
  private static final int FEW = 15;

  private static final int MOST = 255;
  private static final int RUNS = 0xffff / MOST;

  /** Vectors with smaller values whose lanes are looked at one by one. */
  private static final int SINGLE = 24;

  private static final int WINDOW = 16;

  /** Of a counter at first. */
  private static final int BITS = 4;

  private static final int MANTISSA_BITS = 23;
  private static final int EXPONENT_BITS = 0x7f800000;

  /** What makes of an exponent in its place {@link #BITS} times itself. */
  private static final int EXPONENT_SHIFT = MANTISSA_BITS - 2;

  private static final int EXPONENTS = 256;
  private static final int SIZE_BITS = 0x7fffffff;
  private static final int NIBBLES = 0x0f0f0f0f;
  private static final int BYTES = 0x00ff00ff;

  /** The exponent of the smallest bin, as numbers store it. */
  private static final int LOWEST = 127 + Bins.LOWEST;

  /** Of all, and of negative values, by exponent as numbers store it. */
  private final long[] all = new long[EXPONENTS];

  private final long[] negative = new long[EXPONENTS];

  /**
   * The eight words of counters of eight bits of a run: in memory, for a call that is not inlined
   * would have an object for each vector.
   */
  private final int[] bytes = new int[8 * Lanes.COUNT];

  /** Where there are smaller values. */
  private final int[] places = new int[SINGLE];

  /**
   * Two counters of sixteen bits in each lane of 16 vectors, by the smallest of the sixteen
   * exponents; null where there were none yet.
   */
  private final int[] @Nullable [] wide = new int[EXPONENTS][];

  /** How many runs these hold at most. */
  private int wideRuns;

  /**
   * Counts the values of neighbouring vectors; zeros among them, such as a border, do not matter.
   *
   * @param at where the first value lies
   * @param largest the bits of a size that no value exceeds
   */
  void add(float[] data, int at, int vectors, int largest) {
    int top = largest >>> MANTISSA_BITS;
    if (top < LOWEST) {
      return;
    }
    int end = at + vectors * Lanes.COUNT;
    for (int from = at; from < end; from += MOST * Lanes.COUNT) {
      addRun(data, from, Math.min(end, from + MOST * Lanes.COUNT), top - WINDOW + 1);
    }
  }

  /** Counts a run from {@code at} to {@code end}; {@code first} is the lowest exponent in it. */
  private void addRun(float[] data, int at, int end, int first) {
    if (wideRuns == RUNS) {
      flush();
    }
    wideRuns++;
    int base = first;
    int smaller = count(data, at, end, base);
    while (smaller > SINGLE) {
      base -= WINDOW;
      smaller = count(data, at, end, base);
    }
    for (int i = 0; i < smaller; i++) {
      countBelow(data, places[i], base);
    }
  }

  /**
   * Counts the sixteen exponents from {@code base} on.
   *
   * @return how many vectors have smaller values, which are noted; of more than {@link #SINGLE} no
   *     matter how many
   */
  private int count(float[] data, int at, int end, int base) {
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
    for (int chunk = at; chunk < end; chunk += FEW * Lanes.COUNT) {
      IntVector low = zero;
      IntVector high = zero;
      IntVector lowNegative = zero;
      IntVector highNegative = zero;
      IntVector below = zero;
      int chunkEnd = Math.min(end, chunk + FEW * Lanes.COUNT);
      for (int i = chunk; i < chunkEnd; i += Lanes.COUNT) {
        IntVector bits = FloatVector.fromArray(S, data, i).reinterpretAsInts();
        IntVector exponent = bitsOfExponent(bits);
        IntVector place = exponent.sub(BITS * base);
        IntVector counted = one.lanewise(VectorOperators.LSHL, place);
        IntVector countedNegative = counted.and(bits.lanewise(VectorOperators.ASHR, 31));
        IntVector word = place.and(-Integer.SIZE);
        var isLow = word.compare(VectorOperators.EQ, 0);
        var isHigh = word.compare(VectorOperators.EQ, Integer.SIZE);
        low = low.add(counted, isLow);
        high = high.add(counted, isHigh);
        lowNegative = lowNegative.add(countedNegative, isLow);
        highNegative = highNegative.add(countedNegative, isHigh);
        below = below.or(place.lanewise(VectorOperators.AND_NOT, exponent.sub(BITS * LOWEST)));
      }
      if (smaller <= SINGLE && below.compare(VectorOperators.LT, 0).anyTrue()) {
        smaller = note(data, chunk, chunkEnd, base, smaller);
      }
      evenLow = evenLow.add(low.and(NIBBLES));
      oddLow = oddLow.add(low.lanewise(VectorOperators.LSHR, BITS).and(NIBBLES));
      evenHigh = evenHigh.add(high.and(NIBBLES));
      oddHigh = oddHigh.add(high.lanewise(VectorOperators.LSHR, BITS).and(NIBBLES));
      evenLowNegative = evenLowNegative.add(lowNegative.and(NIBBLES));
      oddLowNegative =
          oddLowNegative.add(lowNegative.lanewise(VectorOperators.LSHR, BITS).and(NIBBLES));
      evenHighNegative = evenHighNegative.add(highNegative.and(NIBBLES));
      oddHighNegative =
          oddHighNegative.add(highNegative.lanewise(VectorOperators.LSHR, BITS).and(NIBBLES));
    }
    evenLow.intoArray(bytes, 0);
    oddLow.intoArray(bytes, Lanes.COUNT);
    evenHigh.intoArray(bytes, 2 * Lanes.COUNT);
    oddHigh.intoArray(bytes, 3 * Lanes.COUNT);
    evenLowNegative.intoArray(bytes, 4 * Lanes.COUNT);
    oddLowNegative.intoArray(bytes, 5 * Lanes.COUNT);
    evenHighNegative.intoArray(bytes, 6 * Lanes.COUNT);
    oddHighNegative.intoArray(bytes, 7 * Lanes.COUNT);
    widen(wide(base));
    return smaller;
  }

  /** The exponents times {@link #BITS}: how far the counters are to be shifted. */
  private static IntVector bitsOfExponent(IntVector bits) {
    return bits.and(EXPONENT_BITS).lanewise(VectorOperators.LSHR, EXPONENT_SHIFT);
  }

  /** Takes note of the vectors from {@code at} to {@code end} that have smaller values. */
  private int note(float[] data, int at, int end, int base, int smaller) {
    int found = smaller;
    for (int i = at; i < end; i += Lanes.COUNT) {
      IntVector exponent = bitsOfExponent(FloatVector.fromArray(S, data, i).reinterpretAsInts());
      IntVector place = exponent.sub(BITS * base);
      IntVector below = place.lanewise(VectorOperators.AND_NOT, exponent.sub(BITS * LOWEST));
      if (below.compare(VectorOperators.LT, 0).anyTrue()) {
        if (found < SINGLE) {
          places[found] = i;
        }
        found++;
      }
    }
    return found;
  }

  private int[] wide(int base) {
    int[] counters = wide[base];
    if (counters == null) {
      counters = new int[16 * Lanes.COUNT];
      wide[base] = counters;
    }
    return counters;
  }

  /** Adds the counters of eight bits, each word of every second exponent, to those of sixteen. */
  private void widen(int[] to) {
    for (int from = 0; from < bytes.length; from += Lanes.COUNT) {
      IntVector eight = IntVector.fromArray(I, bytes, from);
      int at = 2 * from;
      IntVector.fromArray(I, to, at).add(eight.and(BYTES)).intoArray(to, at);
      IntVector.fromArray(I, to, at + Lanes.COUNT)
          .add(eight.lanewise(VectorOperators.LSHR, 8).and(BYTES))
          .intoArray(to, at + Lanes.COUNT);
    }
  }

  /** Adds the counters of sixteen bits up over the lanes. */
  private void flush() {
    for (int base = 0; wideRuns > 0 && base < EXPONENTS; base++) {
      int[] counters = wide[base];
      if (counters != null) {
        flush(counters, base);
      }
    }
    wideRuns = 0;
  }

  private void flush(int[] counters, int base) {
    for (int word = 0; word < 8; word++) {
      long[] counts = word < 4 ? all : negative;
      int exponent = base + (word & 1) + (word & 2) * 4;
      int at = 2 * word * Lanes.COUNT;
      for (int lane = at; lane < at + Lanes.COUNT; lane++) {
        int pair = counters[lane];
        int other = counters[lane + Lanes.COUNT];
        add(counts, exponent, pair & 0xffff);
        add(counts, exponent + 2, other & 0xffff);
        add(counts, exponent + 4, pair >>> 16);
        add(counts, exponent + 6, other >>> 16);
      }
    }
    Arrays.fill(counters, 0);
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
   * @param relu whether negative values count as zero
   */
  long[] counts(long values, boolean relu) {
    flush();
    long[] counts = new long[Bins.COUNT];
    long rest = values;
    for (int exponent = LOWEST; exponent < EXPONENTS; exponent++) {
      if (all[exponent] > 0) {
        float number = Float.intBitsToFloat(exponent << MANTISSA_BITS);
        long below = relu ? 0 : negative[exponent];
        long above = all[exponent] - negative[exponent];
        counts[Bins.of(number)] += above;
        counts[Bins.of(-number)] += below;
        rest -= above + below;
      }
    }
    counts[Bins.POWERS] += rest;
    return counts;
  }
}
