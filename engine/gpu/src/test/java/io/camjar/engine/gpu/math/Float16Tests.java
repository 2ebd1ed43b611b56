package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float16Tests {

  /** IEEE 754's formula for the number of some bits. */
  private static float value(int bits) {
    int exponent = bits >> 10 & 31;
    int mantissa = bits & 1023;
    double magnitude =
        exponent == 31
            ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb(mantissa, -24)
                : Math.scalb(1024 + mantissa, exponent - 25);
    return (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
  }

  @Test
  void everyNumberKeepsItsBits() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = value(bits);
      if (!Float.isNaN(value)) {
        assertThat(Float16.bits(value)).isEqualTo(bits);
      }
    }
  }

  /** Between two neighbours the nearer one, halfway the one whose last bit is 0. */
  @Test
  void whatLiesBetweenTwoIsRounded() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float middle = (value(bits) + value(bits + 1)) / 2;
      assertThat(Float16.bits(middle)).isEqualTo(bits + (bits & 1));
      assertThat(Float16.bits(-Math.nextDown(middle))).isEqualTo(bits | 0x8000);
      assertThat(Float16.bits(Math.nextUp(middle))).isEqualTo(bits + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "65519.99, 0x7bff",
    "65520, 0x7c00",
    "-1e30, 0xfc00",
    "Infinity, 0x7c00",
    "NaN, 0x7e00",
    "2.9e-8, 0",
    "1e-40, 0"
  })
  void theEnds(float value, String bits) {
    assertThat(Float16.bits(value)).isEqualTo(Integer.decode(bits));
  }

  @Test
  void theFirstOfTwoIsInTheLowerHalf() {
    assertThat(Float16.packed(1, -2)).isEqualTo(0xc0003c00);
  }
}
