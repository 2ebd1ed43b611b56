package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.statistics.Bins;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import org.junit.jupiter.api.Test;

/** Sums, extremes and counts of a few numbers that can be worked out by hand. */
class SummaryTests {
  private static final double[] VALUES = {0, 3, -4, 0.05, 0, 0};

  @Test
  void figuresAreThoseOfTheDefinition() {
    Summary summary = Tally.of(VALUES, Measure.full(), 1, 3, 2, 1);
    assertThat(summary.count()).isEqualTo(6);
    assertThat(summary.mean()).isCloseTo(-0.95 / 6, within(1e-15));
    assertThat(summary.norm()).isCloseTo(Math.sqrt(25.0025), within(1e-12));
    assertThat(summary.min()).isEqualTo(-4);
    assertThat(summary.max()).isEqualTo(3);
    assertThat(summary.deadUnits()).isCloseTo(1.0 / 3, within(1e-15)); // the third channel
  }

  @Test
  void theThresholdItselfIsNearZeroInSinglePrecision() {
    double[] values = {0.05f, -0.05f, Math.nextUp(0.05f), 1};
    assertThat(Tally.of(values, Measure.plain(), 4).nearZero()).isEqualTo(0.5);
  }

  @Test
  void binsAreNumberedFromTheLargestNegativeNumberUp() {
    double[] edges = Bins.edges();
    for (float value : new float[] {-1e20f, -3, -1e-3f, 0, -0f, 1e-30f, 1e-12f, 0.75f, 5, 1e30f}) {
      int bin = Bins.of(value);
      boolean below = value < edges[bin] && bin > 0;
      boolean above = value > edges[bin + 1] && bin < Bins.COUNT - 1;
      assertThat(below || above).as("%s in bin %d", value, bin).isFalse();
    }
    assertThat(edges).isSorted().hasSize(Bins.COUNT + 1);
  }

  @Test
  void sumsOfPartsAreThoseOfTheWhole() {
    Summary whole = Tally.of(VALUES, Measure.full(), 2, 3, 1, 1);
    Summary parts =
        Tally.of(new double[] {0, 3, -4}, Measure.full(), 1, 3, 1, 1)
            .plus(Tally.of(new double[] {0.05, 0, 0}, Measure.full(), 1, 3, 1, 1));
    assertThat(parts.toString()).isEqualTo(whole.toString());
    assertThat(parts.deadUnits()).isEqualTo(whole.deadUnits());
  }

  @Test
  void aValueThatIsNotFiniteIsCounted() {
    Summary summary =
        Tally.of(new double[] {1, Double.NaN, Double.POSITIVE_INFINITY}, Measure.full(), 1, 3);
    assertThat(summary.nonFinite()).isEqualTo(2);
    assertThat(summary.mean()).isNaN();
  }
}
