package io.camjar.engine.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules give PyTorch's rates over 100 updates. */
class LearningRateScheduleTests {
  private static final int UPDATES = 100;
  private static final double BASE = 0.3;
  private static final Golden GOLDEN = Golden.read("training/schedules");

  @ParameterizedTest
  @ValueSource(strings = {"onecycle", "onecycle-late", "cosine", "warmup", "step"})
  void ratesArePyTorchs(String name) {
    LearningRateSchedule schedule =
        switch (name) {
          case "onecycle" -> new OneCycle(UPDATES);
          case "onecycle-late" -> new OneCycle(UPDATES, 0.15, 10, 1e3, 0.8, 0.9);
          case "cosine" -> new CosineWarmup(0, UPDATES, 0, 0.001);
          case "warmup" -> new CosineWarmup(10, UPDATES, 0.1, 0);
          default -> new StepDecay(30, 0.2);
        };
    double[] rates = expected(name + "/rate");
    for (int update = 0; update < UPDATES; update++) {
      assertThat(schedule.rate(BASE, update))
          .as("update " + update)
          .isCloseTo(rates[update], within(1e-7 * BASE));
    }
    if (name.startsWith("onecycle")) {
      double[] momenta = expected(name + "/momentum");
      for (int update = 0; update < UPDATES; update++) {
        assertThat(schedule.momentum(update).orElseThrow())
            .isCloseTo(momenta[update], within(1e-7));
      }
    }
  }

  @Test
  void aPlateauReducesWhenPyTorchDoes() {
    Plateau plateau = new Plateau(0.5, 3, 1e-4, 2, 0.02);
    double[] rates = expected("plateau/rate");
    for (int epoch = 0; epoch < UPDATES; epoch++) {
      assertThat(plateau.rate(BASE, 0)).as("epoch " + epoch).isCloseTo(rates[epoch], within(1e-7));
      plateau.report(1.0 / (1 + epoch / 8) + 0.01 * (epoch % 3));
    }
    assertThat(rates[UPDATES - 1]).isLessThan(BASE / 4);
  }

  /** Rates of PyTorch 1.13.1's ReduceLROnPlateau(factor=0.5, patience=1) after each report. */
  @Test
  void aMetricThatIsNoNumberIsNoBestOneOfAPlateau() {
    for (double first : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Plateau plateau = new Plateau(0.5, 1, 1e-4, 0, 0);
      double[] metrics = {first, 4, 3, 2, first, 2.5, 2.5};
      double[] rates = {1, 1, 1, 1, 1, 0.5, 0.5};
      for (int i = 0; i < metrics.length; i++) {
        plateau.report(metrics[i]);
        assertThat(plateau.rate(1, 0)).as("%s, report %d", first, i).isEqualTo(rates[i]);
      }
    }
    Plateau plateau = new Plateau(0.5, 0, 1e-4, 0, 0);
    plateau.report(Double.POSITIVE_INFINITY);
    assertThat(plateau.rate(1, 0)).isEqualTo(0.5);
  }

  @Test
  void aCycleStaysAtItsEnd() {
    OneCycle cycle = new OneCycle(UPDATES);
    assertThat(cycle.rate(BASE, 200)).isEqualTo(cycle.rate(BASE, 99)).isLessThan(1e-5);
    assertThat(new OneCycle(1).rate(BASE, 0)).isFinite();
  }

  private static double[] expected(String name) {
    float[] halves = GOLDEN.values(name);
    double[] values = new double[UPDATES];
    for (int i = 0; i < UPDATES; i++) {
      values[i] = (double) halves[i] + halves[UPDATES + i];
    }
    return values;
  }
}
