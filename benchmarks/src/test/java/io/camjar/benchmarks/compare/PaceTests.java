package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTests {
  private static final Duration LONG = Pace.FULL.most().plusSeconds(1);

  @Test
  void shortTasksGetAllTheirRounds() {
    assertThat(Pace.FULL.goesOn(10, Duration.ofSeconds(20))).isTrue();
    assertThat(Pace.FULL.goesOn(11, Duration.ofSeconds(20))).isFalse();
    assertThat(Pace.QUICK.goesOn(4, Duration.ofSeconds(20))).isTrue();
    assertThat(Pace.QUICK.goesOn(5, Duration.ofSeconds(20))).isFalse();
  }

  @Test
  void longTasksGetThree() {
    assertThat(Pace.FULL.goesOn(2, LONG)).isTrue();
    assertThat(Pace.FULL.goesOn(3, LONG)).isFalse();
  }
}
