package io.camjar.gradcam.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTests {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void nothingIsSaidBeforeAStepIsDone() {
    Pace pace = new Pace();
    pace.at(0, 5 * SECOND);

    assertThat(pace.describe(100)).isEmpty();
    assertThat(pace.left(100)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | 1    | 50    | 10.0/s, 4 s left",
        "3  | 2    | 4     | 1.50/s, 1 s left",
        "1  | 30   | 241   | 0.03/s, 2 h 0 min left",
        "5  | 0.01 | 30005 | 500/s, 1 min 0 s left",
        "8  | 1    | 8     | 8.00/s, 0 s left",
      })
  void rateAndTimeLeft(long done, double seconds, long total, String expected) {
    Pace pace = new Pace();
    pace.at(0, 0);
    pace.at(done, (long) (seconds * SECOND));

    assertThat(pace.describe(total)).isEqualTo(expected);
  }

  @Test
  void aSlowStartIsForgotten() {
    Pace pace = new Pace();
    long now = 0;
    pace.at(0, now);
    for (int done = 1; done <= 200; done++) {
      now += done <= 10 ? 10 * SECOND : SECOND / 2;
      pace.at(done, now);
    }

    assertThat(pace.rate()).contains(2.0);
    assertThat(pace.left(300)).contains(java.time.Duration.ofSeconds(50));
  }

  @Test
  void stepsDoneBeforeDoNotCount() {
    Pace pace = new Pace();
    pace.at(400, 0);
    pace.at(402, SECOND);

    assertThat(pace.rate()).contains(2.0);
  }
}
