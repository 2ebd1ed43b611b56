package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelativeErrorTests {

  @Test
  void roundingIsAgreement() {
    RelativeError agreement = RelativeError.of(new float[] {1, -10}, new float[] {1.0001f, -10});

    assertThat(agreement.holds()).isTrue();
    assertThat(agreement.error()).isBetween(0.9e-5, 1.1e-5);
  }

  @Test
  void anotherNetworkIsNot() {
    assertThat(RelativeError.of(new float[] {1, -10}, new float[] {1, -9.9f}).holds()).isFalse();
  }

  @Test
  void swappedValuesAreNot() {
    assertThat(RelativeError.of(new float[] {1, 2}, new float[] {2, 1}).holds()).isFalse();
  }

  @Test
  void answersOfDifferentLengthAreNot() {
    assertThat(RelativeError.of(new float[] {1, 2}, new float[] {1}).holds()).isFalse();
    assertThat(RelativeError.of(new float[0], new float[0]).holds()).isFalse();
  }

  @Test
  void notANumberIsNot() {
    assertThat(RelativeError.of(new float[] {1}, new float[] {Float.NaN}).holds()).isFalse();
    assertThat(RelativeError.of(new float[] {Float.NaN}, new float[] {Float.NaN}).holds())
        .isFalse();
  }

  @Test
  void zerosAgree() {
    assertThat(RelativeError.of(new float[] {0}, new float[] {0}).holds()).isTrue();
  }
}
