package io.camjar.gradcam.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A few of many, spread evenly. */
class EvenlyTests {
  private static final List<Integer> TEN = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

  @Test
  void someAreSpreadOverAllInTheirOrder() {
    assertThat(Evenly.spread(TEN, 3)).containsExactly(0, 3, 6);
    assertThat(Evenly.spread(TEN, 4)).containsExactly(0, 2, 5, 7);
    assertThat(Evenly.spread(TEN, 1)).containsExactly(0);
  }

  @Test
  void allAreTakenWhereThereAreNoMore() {
    assertThat(Evenly.spread(TEN, 10)).isEqualTo(TEN);
    assertThat(Evenly.spread(TEN, Integer.MAX_VALUE)).isEqualTo(TEN);
    assertThat(Evenly.spread(List.of(), 5)).isEmpty();
    assertThat(Evenly.spread(TEN, 0)).isEmpty();
  }

  /** {@code i * n} is beyond 32 bits here. */
  @Test
  void manyOfManyAreCountedIn64Bits() {
    List<String> many = Collections.nCopies(100_000, "same");
    assertThat(Evenly.spread(many, 99_999)).hasSize(99_999);
  }
}
