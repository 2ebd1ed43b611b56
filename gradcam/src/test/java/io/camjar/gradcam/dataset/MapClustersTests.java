package io.camjar.gradcam.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.dataset.MapClusters.Cluster;
import io.camjar.gradcam.dataset.MapClusters.Clustering;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ScaledMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MapClustersTests {
  /** A dozen that look at a corner, and a dozen that look at the middle and around it. */
  private static List<ImageMap> cornersAndMiddles() {
    List<ImageMap> maps = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      maps.add(Maps.church("middle" + i, Maps.CHURCH, Maps.spot(2 + i % 3, 3 + i % 2)));
      maps.add(Maps.church("corner" + i, i == 0 ? Maps.HORN : Maps.CHURCH, Maps.spot(6, i % 2)));
    }
    return maps;
  }

  private static List<String> names(Cluster cluster) {
    return cluster.members().stream().map(ImageMap::image).toList();
  }

  @Test
  void mapsThatLookAtOneCornerAreOneCluster() {
    Clustering clustering = MapClusters.of(cornersAndMiddles(), 2);

    assertThat(clustering.clusters()).hasSize(2);
    assertThat(clustering.clusters())
        .anySatisfy(
            cluster ->
                assertThat(names(cluster)).hasSize(12).allMatch(name -> name.startsWith("corner")))
        .anySatisfy(cluster -> assertThat(cluster.right()).isEqualTo(11));
    assertThat(clustering.silhouette()).isGreaterThan(0.5);
  }

  @Test
  void withoutANumberTheSilhouetteChooses() {
    Clustering clustering = MapClusters.of(cornersAndMiddles(), null);

    assertThat(clustering.clusters().size()).isBetween(2, MapClusters.MOST);
    assertThat(clustering.clusters())
        .allSatisfy(
            cluster ->
                assertThat(names(cluster).stream().map(name -> name.charAt(0)).distinct())
                    .hasSize(1));
  }

  @Test
  void mapsOfOnePlaceAreOneGroup() {
    List<ImageMap> maps = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      maps.add(Maps.church("a" + i, null, Maps.spot(3, 3)));
    }

    Clustering clustering = MapClusters.of(maps, null);

    assertThat(clustering.clusters()).hasSize(1);
    assertThat(clustering.silhouette()).isNaN();
    assertThat(MapClusters.of(maps, 3).clusters()).as("no more than different maps").hasSize(1);
  }

  @Test
  void oneOddImageIsNoGroup() {
    List<ImageMap> maps = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      maps.add(Maps.church("a" + i, null, Maps.spot(3, 3)));
    }
    maps.add(Maps.church("odd", null, Maps.spot(6, 0)));

    assertThat(MapClusters.of(maps, null).clusters()).hasSize(1);
    assertThat(MapClusters.of(maps, 2).clusters()).hasSize(2);
  }

  @Test
  void mapsWithoutEvidenceAreInNoCluster() {
    ImageMap blank = Maps.church("blank", null, ScaledMap.zero());

    Clustering clustering =
        MapClusters.of(List.of(blank, Maps.church("a", null, Maps.spot(1, 1))), null);

    assertThat(clustering.blank()).containsExactly(blank);
    assertThat(names(clustering.clusters().get(0))).containsExactly("a");
    assertThat(MapClusters.of(List.of(blank), null).clusters()).isEmpty();
  }

  @Test
  void theSameMapsGiveTheSameClusters() {
    assertThat(
            MapClusters.of(cornersAndMiddles(), 3).clusters().stream()
                .map(MapClustersTests::names)
                .toList())
        .isEqualTo(
            MapClusters.of(cornersAndMiddles(), 3).clusters().stream()
                .map(MapClustersTests::names)
                .toList());
  }

  @Test
  void noClustersAreRefused() {
    assertThatThrownBy(() -> MapClusters.of(List.of(), 0)).isInstanceOf(CamjarException.class);
  }

  @Test
  void namesOnThePageAreTextAndNeverMarkup() {
    ImageMap hostile = Maps.church("<script onclick='x'>\"", null, Maps.spot(1, 1));
    RgbImage image = RgbImage.of(2, 2, new byte[12]);

    String page =
        ClusterPage.of(
            ClassMaps.of(List.of(hostile), null),
            "@BODY@ <b>",
            "camjar",
            map -> Optional.of(image),
            ColorMap.JET);

    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;script onclick=&#39;x&#39;&gt;&quot;")
        .contains("<p>@BODY@ &lt;b&gt;</p>")
        .doesNotContainPattern("(href|src)=\"(?!data:)");
  }
}
