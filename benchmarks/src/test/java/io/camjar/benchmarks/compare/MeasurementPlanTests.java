package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasurementPlanTests {
  private static final Duration LONG = MeasurementPlan.FULL.most().plusSeconds(1);

  @Test
  void shortTasksGetAllTheirRounds() {
    assertThat(MeasurementPlan.FULL.goesOn(10, Duration.ofSeconds(20))).isTrue();
    assertThat(MeasurementPlan.FULL.goesOn(11, Duration.ofSeconds(20))).isFalse();
    assertThat(MeasurementPlan.QUICK.goesOn(4, Duration.ofSeconds(20))).isTrue();
    assertThat(MeasurementPlan.QUICK.goesOn(5, Duration.ofSeconds(20))).isFalse();
  }

  @Test
  void longTasksGetThree() {
    assertThat(MeasurementPlan.FULL.goesOn(2, LONG)).isTrue();
    assertThat(MeasurementPlan.FULL.goesOn(3, LONG)).isFalse();
  }
}
