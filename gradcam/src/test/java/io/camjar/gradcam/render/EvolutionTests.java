package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvolutionTests {
  private final RgbImage picture = HashedImage.of(120, 90);

  private Evolution evolution(int layers) {
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String status = i == 3 ? "no-positive-evidence" : "ok";
      panels.add(new Panel("layer" + i, HashedMap.of(7, 7), status));
    }
    return new Evolution(picture, new Box(15, 0, 105, 90), "golf ball", "Grad-CAM", panels);
  }

  @ParameterizedTest
  @CsvSource({"17, 6, 3", "9, 5, 2", "34, 7, 5", "1, 2, 1", "52, 8, 7"})
  void theGridSuitsTheNumberOfPoints(int layers, int columns, int rows) {
    RgbImage sheet = EvolutionSheet.draw(evolution(layers), ColorMap.MAGMA, 0.5);

    // The image is enlarged to 236 x 177; margins, gutters and captions are the sheet's own.
    assertThat(sheet.width()).isEqualTo(72 + columns * 236 + (columns - 1) * 20);
    assertThat(sheet.height()).isEqualTo(128 + rows * (34 + 177) + (rows - 1) * 20);
  }

  @Test
  void showsTheImageFirstAndThenTheMaps() {
    Evolution fitted = evolution(4).fitted(236, 300);

    RgbImage sheet = EvolutionSheet.draw(evolution(4), ColorMap.JET, 0.5);

    RgbImage first = sheet.crop(36 + 6, 92 + 34 + 6, 200, 150);
    RgbImage second = sheet.crop(36 + 256 + 6, 92 + 34 + 6, 200, 150);
    assertThat(first).isEqualTo(fitted.seen().crop(6, 6, 200, 150));
    assertThat(second)
        .isEqualTo(fitted.drawn(fitted.panels().get(0), ColorMap.JET, 0.5).crop(6, 6, 200, 150));
  }

  @Test
  void aLayerWithNothingToShowIsGrayAndSaysSo() {
    RgbImage sheet = EvolutionSheet.draw(evolution(4), ColorMap.JET, 0.5);

    RgbImage cell = sheet.crop(36 + 4 * 256 + 6, 92 + 34 + 6, 200, 150);
    assertThat(cell.crop(0, 0, 200, 40)).isEqualTo(cell.crop(0, 0, 200, 40).gray());
    assertThat(new Panel("x", ScaledMap.zero(), "no-positive-evidence").reason())
        .isEqualTo("no positive evidence");
    assertThat(new Panel("x", ScaledMap.zero(), "non-finite").reason())
        .isEqualTo("values not finite");
  }

  @Test
  void severalEvolutionsStandBelowEachOther() {
    RgbImage one = EvolutionSheet.draw(evolution(5), ColorMap.MAGMA, 0.5);

    RgbImage two = EvolutionSheet.draw(Collections.nCopies(2, evolution(5)), ColorMap.MAGMA, 0.5);

    assertThat(two.crop(0, 0, one.width(), one.height())).isEqualTo(one);
    assertThat(two.crop(0, one.height(), one.width(), one.height())).isEqualTo(one);
  }

  @Test
  void bareMapsHaveNothingUnderThem() {
    Evolution bare = evolution(4).bare();

    RgbImage map = bare.drawn(bare.panels().get(0), ColorMap.MAGMA, 0.6);
    RgbImage empty = bare.drawn(bare.panels().get(3), ColorMap.MAGMA, 0.6);

    assertThat(bare.heading()).isEqualTo("golf ball, bare");
    RgbImage heat = MapView.of(picture, bare.region(), HashedMap.of(7, 7)).heatMap(ColorMap.MAGMA);
    assertThat(map.crop(15, 0, 90, 90)).isEqualTo(heat.crop(15, 0, 90, 90));
    RgbImage unseen = Unseen.outside(picture, bare.region()).crop(0, 0, 14, 90);
    assertThat(map.crop(0, 0, 14, 90)).isEqualTo(unseen);
    assertThat(empty.sample(60, 45, 1)).isEqualTo(0xe4);
  }

  @Test
  void theSameSheetHasTheSameBytes() {
    assertThat(Png.encode(EvolutionSheet.draw(evolution(17), ColorMap.TURBO, 0.4)))
        .isEqualTo(Png.encode(EvolutionSheet.draw(evolution(17), ColorMap.TURBO, 0.4)));
  }

  @Test
  void veryLongImagesStillGiveASheet() {
    Evolution strip =
        new Evolution(
            HashedImage.of(3, 2000),
            Box.whole(3, 2000),
            "x".repeat(500),
            "",
            evolution(2).panels());

    assertThat(EvolutionSheet.draw(strip, ColorMap.HSV, 1).height()).isEqualTo(128 + 34 + 300);
  }

  @Test
  void theAnimationHasAFrameALayerAndLoops() throws IOException {
    byte[] gif = EvolutionGif.encode(evolution(5), ColorMap.VIRIDIS, 0.5);

    assertThat(new String(gif, StandardCharsets.ISO_8859_1))
        .startsWith("GIF89a")
        .contains("NETSCAPE2.0\u0003\u0001\u0000\u0000");
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(gif))) {
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(5);
      // 120 x 90 enlarged to 420 x 315, with margins, title and caption.
      assertThat(reader.read(4).getWidth()).isEqualTo(448);
      assertThat(reader.read(4).getHeight()).isEqualTo(409);
    }
  }

  @Test
  void animationsOfDifferentNetworksDoNotMix() {
    List<Evolution> uneven = List.of(evolution(4), evolution(5));

    assertThatThrownBy(() -> EvolutionGif.encode(uneven, ColorMap.MAGMA, 0.5))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("[4, 5]");
    assertThatThrownBy(() -> EvolutionGif.encode(List.of(), ColorMap.MAGMA, 0.5))
        .isInstanceOf(CamjarException.class);
    assertThatThrownBy(() -> BesideSheet.draw(uneven, ColorMap.MAGMA, 0.5))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("[4, 5]");
    assertThatThrownBy(() -> EvolutionSheet.draw(List.of(), ColorMap.MAGMA, 0.5))
        .isInstanceOf(CamjarException.class);
  }
}
