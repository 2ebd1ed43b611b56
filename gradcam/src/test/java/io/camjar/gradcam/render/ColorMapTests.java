package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColorMapTests {
  /** Ends and middles as matplotlib and, for jet, OpenCV give them. */
  @ParameterizedTest
  @CsvSource({
    "magma, 000003, b63679, fbfcbf",
    "jet, 000080, 82ff7e, 800000",
    "turbo, 30123b, a4fc3b, 7a0402",
    "viridis, 440154, 20908c, fde724",
    "hsv, ff0000, 00fff5, ff0017",
  })
  void hasThePublishedColours(String name, String first, String middle, String last) {
    ColorMap map = ColorMap.named(name);

    assertThat("%06x".formatted(map.rgb(0))).isEqualTo(first);
    assertThat("%06x".formatted(map.rgb(128))).isEqualTo(middle);
    assertThat("%06x".formatted(map.rgb(255))).isEqualTo(last);
  }

  @ParameterizedTest
  @EnumSource
  void has256Entries(ColorMap map) {
    assertThat(map.hex()).hasSize(256 * 6);
  }

  @Test
  void namesHaveNoCase() {
    assertThat(ColorMap.named("Turbo")).isEqualTo(ColorMap.TURBO);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> ColorMap.named("plasma"))
        .isInstanceOf(CamjarException.class)
        .hasMessage(
            "There is no colour map \"plasma\"; choose one of magma, jet, turbo, viridis, hsv.");
  }
}
