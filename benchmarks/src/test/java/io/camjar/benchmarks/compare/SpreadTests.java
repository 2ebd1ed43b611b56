package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SpreadTests {

  @Test
  void quartilesInterpolateAsNumpyDoes() {
    // numpy.quantile([1, 2, 4, 8], [.25, .5, .75])
    assertThat(Spread.of(8, 1, 4, 2)).isEqualTo(new Spread(1.75, 3, 5));
  }

  @Test
  void oneValueHasNoSpread() {
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7));
    assertThat(Spread.of(7).relative()).isZero();
  }

  @Test
  void oneStrayValueDoesNotMoveTheMedian() {
    assertThat(Spread.of(10, 10, 10, 10, 5000).median()).isEqualTo(10);
  }

  @Test
  void theSpreadIsTheMiddleHalfOverTheMedian() {
    assertThat(new Spread(9, 10, 12).relative()).isEqualTo(0.3);
  }

  @Test
  void nothingMeasuredIsAnError() {
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }
}
