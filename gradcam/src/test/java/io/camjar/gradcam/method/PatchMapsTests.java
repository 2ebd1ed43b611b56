package io.camjar.gradcam.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.FeatureMaps;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PatchMapsTests {
  /** Feature 0 counts places, feature 1 is ten times that. */
  private static final float[] PLACES = {0, 0, 1, 10, 2, 20, 3, 30, 4, 40, 5, 50};

  @Test
  void tokensThatStandForNoPlaceAreLeftOut() {
    try (INDArray tokens = Nd4j.create(PLACES, new long[] {1, 6, 2}, 'c')) {
      FeatureMaps maps = PatchMaps.of(tokens, new PatchGrid(2, 2, 2));

      assertThat(maps.means(0)).containsExactly(3.5, 35);
      assertThat(maps.weightedSum(0, new double[] {1, 1})).containsExactly(22, 33, 44, 55);
    }
  }

  /** Swin's maps of an image that is not square, where the network takes images of any size. */
  @Test
  void channelsBehindPlacesHaveTheGridOfTheirOwnSides() {
    try (INDArray maps = Nd4j.create(PLACES, new long[] {1, 2, 3, 2}, 'c')) {
      FeatureMaps found = PatchMaps.of(maps, new PatchGrid(0, 7, 7));

      assertThat(found.height()).isEqualTo(2);
      assertThat(found.width()).isEqualTo(3);
      assertThat(found.weightedSum(0, new double[] {1, 0})).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void asManyTokensAsTheGridHas() {
    try (INDArray tokens = Nd4j.create(PLACES, new long[] {1, 6, 2}, 'c')) {
      assertThatThrownBy(() -> PatchMaps.of(tokens, new PatchGrid(0, 2, 2)))
          .hasMessageContaining("6 tokens");
    }
  }
}
