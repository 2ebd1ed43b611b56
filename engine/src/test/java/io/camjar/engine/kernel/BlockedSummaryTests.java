package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.statistics.Bins;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import io.camjar.engine.statistics.Tally;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Summaries of blocks of channels, on vectors of any width, are those of value after value. */
class BlockedSummaryTests {
  /** Sums of a hundred values are in single precision. */
  private static final double RELATIVE = 1e-5;

  private static final List<SimdWidths.Summaries> WIDTHS =
      IntStream.of(512, 256, 128).mapToObj(SimdWidths::summaries).toList();

  /** Channels that fill no block, maps of one value, lines longer than what is summed at once. */
  private static final int[][] SHAPES = {
    {2, 3, 5, 7},
    {1, 35, 1, 1},
    {3, 32, 7, 7},
    {2, 33, 14, 13},
    {1, 5, 2, 300},
    {1, 8, 40, 3},
    {2, 3, 9, 32}
  };

  private static final float[] EDGES = edges();

  private record Values(String name, DoubleUnaryOperator of) {
    float[] draw(int count) {
      SplittableRandom random = new SplittableRandom(11);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) of.applyAsDouble(random.nextDouble(-1, 1));
      }
      return values;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static float[] edges() {
    float[] edges = new float[2 * Bins.COUNT];
    double[] all = Bins.edges();
    for (int i = 0; i < Bins.COUNT; i++) {
      edges[2 * i] = (float) all[i];
      edges[2 * i + 1] = Math.nextDown((float) all[i]);
    }
    return edges;
  }

  private static double edge(double u, double most) {
    float edge = EDGES[(int) ((u + 1) / 2 * EDGES.length)];
    return Math.abs(edge) <= most ? edge : 0;
  }

  static Stream<Arguments> cases() {
    List<Values> values =
        List.of(
            new Values("even", u -> u),
            new Values("behind a ReLU", u -> Math.max(0, u)),
            new Values("all equal", u -> -0.75),
            new Values("all zero", u -> 0),
            new Values("zeros of both signs", u -> u < 0 ? -0.0 : 0.0),
            new Values("over sixty powers of two", u -> Math.signum(u) * Math.pow(2, -60 * u * u)),
            new Values("on and below the edges", u -> edge(u, 1e12)),
            new Values("on all edges", u -> edge(u, Double.MAX_VALUE)),
            new Values("smaller than all bins", u -> u * 0x1p-41),
            new Values("subnormal", u -> u * Float.MIN_NORMAL),
            new Values("large", u -> u * 1e16),
            new Values("too large for squares", u -> u * Float.MAX_VALUE),
            new Values("tiny behind a ReLU, large ahead of it", u -> u > 0 ? u * 1e-25 : -1),
            new Values("one NaN", u -> u > 0.99 ? Double.NaN : u),
            new Values("infinities", u -> u > 0.9 ? u / 0 : u < -0.9 ? u / 0 : u),
            new Values("one value far above the others", u -> u > 0.999 ? 1e9 : u * 1e-3));
    return values.stream().flatMap(v -> Arrays.stream(SHAPES).map(s -> Arguments.of(v, s)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void isThatOfTheDefinition(Values drawn, int... shape) {
    float[] values = drawn.draw(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    double[] doubles = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    long[] sides = Arrays.stream(shape).asLongStream().toArray();
    Summary right = Tally.of(doubles, Measure.full(), sides);
    double[] open = Arrays.stream(doubles).map(value -> Math.max(value, 0)).toArray();
    Summary rightRelu = Tally.of(open, Measure.full(), sides);
    for (SimdWidths.Summaries summaries : WIDTHS) {
      Summary found = summaries.of(values, Measure.full(), shape[0], shape[1], shape[2], shape[3]);
      same(found, right);
      SummaryWithRelu both =
          summaries.withRelu(values, Measure.full(), shape[0], shape[1], shape[2], shape[3]);
      same(both.own(), right);
      same(both.relu(), rightRelu);
    }
  }

  private static void same(Summary found, Summary right) {
    assertThat(found.histogram()).isEqualTo(right.histogram());
    assertThat(found.count()).isEqualTo(right.count());
    assertThat(found.nonFinite()).isEqualTo(right.nonFinite());
    assertThat(found.nearZero()).isEqualTo(right.nearZero());
    assertThat(found.deadUnits()).isEqualTo(right.deadUnits());
    same(found.min(), right.min());
    same(found.max(), right.max());
    close(found.norm(), right.norm(), right.norm());
    close(found.mean(), right.mean(), right.rms());
  }

  private static void close(double found, double right, double scale) {
    if (Double.isFinite(right) && Double.isFinite(scale)) {
      assertThat(found).isCloseTo(right, within(RELATIVE * scale));
    } else {
      same(found, right);
    }
  }

  /** NaN equals NaN. */
  private static void same(Double found, Double right) {
    assertThat(found).isEqualTo(right);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void sumsHaveTheBitsOfSummariesWithoutAHistogram(SimdWidths.Summaries summaries) {
    float[] values = new Values("even", u -> u).draw(2 * 35 * 9 * 9);
    Summary with = summaries.of(values, Measure.full(), 2, 35, 9, 9);
    Summary without = summaries.of(values, Measure.plain(), 2, 35, 9, 9);
    assertThat(with.mean()).isEqualTo(without.mean());
    assertThat(with.norm()).isEqualTo(without.norm());
    assertThat(without.histogram()).isEmpty();
  }

  static List<SimdWidths.Summaries> widths() {
    return WIDTHS;
  }
}
