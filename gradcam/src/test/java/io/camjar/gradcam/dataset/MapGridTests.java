package io.camjar.gradcam.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.render.ScaledMap;
import org.junit.jupiter.api.Test;

class MapGridTests {
  @Test
  void sevenCellsAreDoubled() {
    ScaledMap grid = MapGrid.of(Maps.spot(0, 6));

    assertThat(grid.height()).isEqualTo(14);
    assertThat(grid.values()[12]).isEqualTo(1);
    assertThat(grid.values()[13]).isEqualTo(1);
    assertThat(grid.values()[14 + 13]).isEqualTo(1);
    assertThat(grid.values()[11]).isEqualTo(0.3f);
    assertThat(grid.values()[2 * 14 + 13]).isEqualTo(0.3f);
  }

  @Test
  void aCellThatIsCoveredInPartCountsByThatPart() {
    ScaledMap three = new ScaledMap(1, 3, new float[] {0, 0.6f, 0.9f});

    // Two cells of 1.5 each: 0 and half of 0.6; half of 0.6 and 0.9.
    assertThat(MapGrid.resized(three, 1, 2).values())
        .containsExactly(new float[] {0.2f, 0.8f}, within(1e-6f));
  }

  @Test
  void theMeanStaysTheSameWhateverTheSize() {
    float[] values = new float[33 * 20];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 101 / 100f;
      sum += values[i];
    }

    ScaledMap grid = MapGrid.of(new ScaledMap(33, 20, values));

    assertThat(MapGrid.mass(grid) / (14 * 14)).isCloseTo(sum / values.length, within(1e-6));
  }

  @Test
  void evidenceInTheSamePlaceHasNotMovedHoweverStrong() {
    float[] half = new float[49];
    for (int i = 0; i < half.length; i++) {
      half[i] = Maps.spot(3, 3).values()[i] / 2;
    }

    assertThat(MapGrid.moved(Maps.spot(3, 3), new ScaledMap(7, 7, half)))
        .isCloseTo(0, within(1e-6));
  }

  @Test
  void evidenceWithoutACommonPlaceHasMovedByOne() {
    assertThat(MapGrid.moved(Maps.spot(1, 1), Maps.spot(5, 5))).isEqualTo(1);
  }

  @Test
  void theDistanceIsHellingers() {
    ScaledMap left = new ScaledMap(1, 2, new float[] {1, 0});
    ScaledMap both = new ScaledMap(1, 2, new float[] {0.5f, 0.5f});

    assertThat(MapGrid.moved(left, both)).isCloseTo(Math.sqrt(1 - Math.sqrt(0.5)), within(1e-7));
  }

  @Test
  void aMapWithoutEvidenceHasNoDistance() {
    assertThat(MapGrid.moved(Maps.spot(1, 1), ScaledMap.zero())).isNaN();
  }
}
