package io.camjar.weights.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Tests {
  @Test
  void everyHalfSurvivesTheWayToFloatAndBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float16.halfToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(Float16.floatToHalf(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void halvesAreWhatIeeeSays() {
    assertThat(Float16.halfToFloat((short) 0x3c00)).isEqualTo(1f);
    assertThat(Float16.halfToFloat((short) 0xc000)).isEqualTo(-2f);
    assertThat(Float16.halfToFloat((short) 0x7bff)).isEqualTo(65504f);
    assertThat(Float16.halfToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Float16.halfToFloat((short) 0x7c00)).isInfinite();
    assertThat(Float16.halfToFloat((short) 0x7e00)).isNaN();
    assertThat(1 / Float16.halfToFloat((short) 0x8000)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void roundsHalfToEven() {
    assertThat(Float16.floatToHalf(2049f)).isEqualTo(Float16.floatToHalf(2048f));
    assertThat(Float16.floatToHalf(2051f)).isEqualTo(Float16.floatToHalf(2052f));
    assertThat(Float16.floatToHalf(65519.996f)).isEqualTo((short) 0x7bff);
    assertThat(Float16.floatToHalf(65520f)).isEqualTo((short) 0x7c00);
    assertThat(Float16.floatToHalf(0x1p-25f)).isEqualTo((short) 0);
    assertThat(Float16.floatToHalf(0x1.8p-25f)).isEqualTo((short) 1);
    assertThat(Float16.floatToHalf(Float.NaN) & 0x7fff).isGreaterThan(0x7c00);
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    assertThat(Float16.bfloat16ToFloat((short) 0x3f80)).isEqualTo(1f);
    assertThat(Float16.floatToBfloat16(1.00390625f)).isEqualTo((short) 0x3f80);
    assertThat(Float16.floatToBfloat16(1.01171875f)).isEqualTo((short) 0x3f82);
    assertThat(Float16.bfloat16ToFloat(Float16.floatToBfloat16(Float.NaN))).isNaN();
    assertThat(Float16.floatToBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
  }
}
