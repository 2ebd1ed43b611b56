package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.CamMap.Peak;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.scaling.MapStyle;
import org.junit.jupiter.api.Test;

class CamMapTests {
  private static CamMap map(float... raw) {
    return new CamMap(
        "layer4", new ClassLabel(7, "golf ball"), new RawMap(2, 2, raw, null), MapStyle.STANDARD);
  }

  @Test
  void scalingIsReluThenMinimumToZeroAndMaximumToOne() {
    CamMap map = map(-3, 1, 2, 5);

    assertThat(map.status()).isEqualTo(MapStatus.OK);
    assertThat(map.scaled())
        .containsExactly(
            0, (float) (1 / 5.0000001), (float) (2 / 5.0000001), 5f / (float) 5.0000001);
    assertThat(map.min()).isEqualTo(-3);
    assertThat(map.max()).isEqualTo(5);
  }

  @Test
  void aMapThatIsPositiveEverywhereIsScaledFromItsMinimum() {
    assertThat(map(1, 2, 3, 3).scaled()[0]).isZero();
    assertThat(map(4, 4, 4, 4).scaled()).containsOnly(0);
  }

  @Test
  void noPositiveValueIsNoEvidenceAndAnEmptyImage() {
    assertThat(map(-1, 0, -2, 0).status()).isEqualTo(MapStatus.NO_POSITIVE_EVIDENCE);
    assertThat(map(-1, 0, -2, 0).scaled()).containsOnly(0);
  }

  @Test
  void whatIsNotFiniteIsSaidAndNeverShown() {
    assertThat(map(1, Float.NaN, 0, 0).status()).isEqualTo(MapStatus.NON_FINITE);
    assertThat(map(1, Float.POSITIVE_INFINITY, 0, 0).scaled()).containsOnly(0);
    assertThat(map(1, Float.NaN, 0, 0).max()).isNaN();
  }

  @Test
  void thePeakIsTheFirstOfTheLargestValues() {
    assertThat(map(1, 4, 4, 0).peak()).isEqualTo(new Peak(0, 1));
  }

  @Test
  void theRawValuesAreACopy() {
    CamMap map = map(1, 2, 3, 4);
    map.raw()[0] = 9;

    assertThat(map.raw()[0]).isEqualTo(1);
  }
}
