package io.camjar.gradcam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapStyleTests {
  private static final MapStyle MIN_MAX = MapStyle.STANDARD.withScaling(Scaling.minMax());
  private static final float[] RAW = {-4, -1, 0, 1, 2};

  @Test
  void rectifiedKeepsWhatSpeaksForTheClass() {
    assertThat(MIN_MAX.apply(RAW)).containsExactly(0, 0, 0, 0.5f, 1);
  }

  @Test
  void signedPutsNoEvidenceInTheMiddle() {
    assertThat(MIN_MAX.withSign(Sign.SIGNED).apply(RAW))
        .containsExactly(0, 0.375f, 0.5f, 0.625f, 0.75f);
    assertThat(MIN_MAX.withSign(Sign.SIGNED).apply(new float[] {0, 0})).containsOnly(0.5f);
    assertThat(MIN_MAX.withSign(Sign.SIGNED).blank(2)).containsOnly(0.5f);
  }

  @Test
  void absoluteTakesBothAlike() {
    assertThat(MIN_MAX.withSign(Sign.ABSOLUTE).apply(RAW))
        .containsExactly(1, 0.25f, 0, 0.25f, 0.5f);
  }

  @Test
  void theThresholdIsAShareOfTheLargestValueAndZeroIsReLU() {
    assertThat(MIN_MAX.withThreshold(0.5).apply(RAW)).containsExactly(0, 0, 0, 0, 1);
    assertThat(MIN_MAX.withThreshold(-0.5).apply(RAW)).containsExactly(0, 0, 1 / 3f, 2 / 3f, 1);
    assertThatThrownBy(() -> MIN_MAX.withThreshold(1))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("above -1 and below 1");
  }

  @Test
  void pytorchGradCamKeepsMapsOfTinyValuesDark() {
    float[] tiny = {0, 1e-7f};

    assertThat(MapStyle.STANDARD.apply(tiny)[1]).isCloseTo(0.5f, within(1e-3f));
    assertThat(MIN_MAX.apply(tiny)[1]).isEqualTo(1);
  }

  @Test
  void aPercentileIsNumpysAndWhatExceedsItIsOne() {
    float[] raw = {0, 1, 2, 3, 100};

    // numpy.percentile([0, 1, 2, 3, 100], 75) = 3, and 90 gives 61.2
    assertThat(MapStyle.STANDARD.withScaling(Scaling.percentile(75)).apply(raw))
        .containsExactly(0, 1 / 3f, 2 / 3f, 1, 1);
    assertThat(MapStyle.STANDARD.withScaling(Scaling.percentile(90)).apply(raw)[3])
        .isCloseTo((float) (3 / 61.2), within(1e-6f));
    assertThat(
            MapStyle.STANDARD.withScaling(Scaling.percentile(20)).apply(new float[] {0, 0, 0, 5}))
        .as("a percentile of 0 falls back to the largest value")
        .containsExactly(0, 0, 0, 1);
  }

  @ParameterizedTest
  @EnumSource(Sign.class)
  void anEvenMapIsFiniteInEveryStyle(Sign sign) {
    for (Scaling scaling :
        List.of(Scaling.pytorchGradCam(), Scaling.minMax(), Scaling.percentile(98))) {
      MapStyle style = new MapStyle(sign, 0.1, scaling);
      for (float value : new float[] {-3, 0, 3}) {
        for (float shown : style.apply(new float[] {value, value})) {
          assertThat(shown).isBetween(0f, 1f);
        }
      }
    }
  }

  @Test
  void scalingsHaveNames() {
    assertThat(Scaling.named("PyTorch-Grad-CAM")).isEqualTo(Scaling.pytorchGradCam());
    assertThat(Scaling.named("minmax")).isEqualTo(Scaling.minMax());
    assertThat(Scaling.named("percentile:97.5")).isEqualTo(Scaling.percentile(97.5));
    assertThat(Scaling.named("percentile")).isEqualTo(Scaling.percentile(99));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max", "percentile:0", "percentile:101", "percentile:x", ""})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> Scaling.named(name)).isInstanceOf(CamjarException.class);
  }

  @Test
  void fusionsWorkPlaceByPlace() {
    List<float[]> maps = List.of(new float[] {0, 0.5f, 1}, new float[] {1, 0.5f, 0.5f});

    assertThat(MapFusion.MEAN.combine(maps)).containsExactly(0.5f, 0.5f, 0.75f);
    assertThat(MapFusion.MAX.combine(maps)).containsExactly(1, 0.5f, 1);
    assertThat(MapFusion.PRODUCT.combine(maps)).containsExactly(0, 0.25f, 0.5f);
    assertThat(maps.get(0)).as("the arguments stay").containsExactly(0, 0.5f, 1);
  }
}
