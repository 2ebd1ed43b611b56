package io.camjar.weights.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TensorStatisticsTests {
  @Test
  void deviationIsThatOfThePopulation() {
    TensorStatistics statistics = of(2, 4, 4, 4, 5, 5, 7, 9);
    assertThat(statistics.mean()).isEqualTo(5);
    assertThat(statistics.std()).isCloseTo(2, within(1e-12));
    assertThat(statistics.min()).isEqualTo(2);
    assertThat(statistics.max()).isEqualTo(9);
    assertThat(statistics.nonFinite()).isZero();
  }

  @Test
  void valuesFarFromZeroDoNotCancel() {
    TensorStatistics statistics = of(10_000_001f, 10_000_002f, 10_000_003f);
    assertThat(statistics.std()).isCloseTo(Math.sqrt(2.0 / 3), within(1e-9));
  }

  @Test
  void stridesAreFollowed() {
    TensorEntry everySecond =
        new TensorEntry("x", Tensors.floats(1, 100, 3, 100), 0, new long[] {2}, new long[] {2});
    assertThat(TensorStatistics.of(everySecond).max()).isEqualTo(3);
    assertThat(TensorStatistics.of(everySecond).mean()).isEqualTo(2);
  }

  @Test
  void notANumberIsNotHidden() {
    TensorStatistics statistics = of(1, Float.NaN, 3);
    assertThat(statistics.mean()).isNaN();
    assertThat(statistics.max()).isNaN();
    assertThat(statistics.nonFinite()).isEqualTo(1);
  }

  @Test
  void emptyTensorsHaveNone() {
    TensorEntry empty = TensorEntry.contiguous("x", Tensors.floats(), 0, 3);
    assertThat(TensorStatistics.of(empty).mean()).isNaN();
  }

  private static TensorStatistics of(float... values) {
    return TensorStatistics.of(TensorEntry.contiguous("x", Tensors.floats(values), values.length));
  }
}
