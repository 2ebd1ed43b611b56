package io.camjar.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of layers' paths. */
@Tag("any-jdk")
class PathPatternTests {

  @ParameterizedTest
  @CsvSource({
    "layer3.*,      layer3.0,       true,  true",
    "layer3.*,      layer3.0.conv1, false, true",
    "layer3.**,     layer3.0.conv1, true,  true",
    "layer?,        layer3,         true,  true",
    "layer?,        layer,          false, false",
    "a?b,           a.b,            false, true",
    "**.conv2,      layer3.0.conv2, true,  true",
    "**.conv2,      conv2,          false, false",
    "*.conv2,       layer3.0.conv2, false, true",
    "layer(1|2)*,   layer1,         false, false",
    "layer(1|2)*,   layer(1|2)x,    true,  true",
    "a.b,           axb,            false, false"
  })
  void starsStandForPartsAndDoubleStarsForAny(
      String pattern, String path, boolean matches, boolean acrossParts) {
    assertThat(PathPattern.of(pattern).matches(path)).isEqualTo(matches);
    assertThat(PathPattern.acrossParts(pattern).matches(path)).isEqualTo(acrossParts);
  }

  @ParameterizedTest
  @CsvSource({"layer3.0, false", "layer3.*, true", "layer?, true", "layer[3], false"})
  void aTextWithoutStarsOrQuestionMarksIsAPath(String text, boolean pattern) {
    assertThat(PathPattern.isOne(text)).isEqualTo(pattern);
  }
}
