package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MapViewTests {
  private static final Box LEFT_HALF = new Box(0, 0, 2, 4);
  private final RgbImage picture = HashedImage.of(4, 4);
  private final ScaledMap map = new ScaledMap(1, 1, new float[] {0.5f});

  static List<String> golden() {
    return HashedImage.lines("/render/overlay.txt");
  }

  /** show_cam_on_image in float32; render.py evaluated it with OpenCV and numpy. */
  @ParameterizedTest
  @MethodSource("golden")
  void overlayIsPytorchGradCams(String line) {
    String[] field = line.split(" ");
    int height = Integer.parseInt(field[2]);
    int width = Integer.parseInt(field[3]);

    RgbImage overlay =
        MapView.of(
                HashedImage.of(width, height),
                Box.whole(width, height),
                HashedMap.of(height, width))
            .overlay(ColorMap.named(field[0]), Double.parseDouble(field[1]));

    byte[] expected = new byte[height * width * 3];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) Integer.parseInt(field[4 + i]);
    }
    assertThat(overlay).isEqualTo(RgbImage.of(width, height, expected));
  }

  @Test
  void whatTheNetworkDidNotSeeLooksTheSameInAllThatIsDrawn() {
    MapView view = MapView.of(picture, LEFT_HALF, map);
    RgbImage unseen = view.picture().crop(2, 0, 2, 4);

    assertThat(view.overlay(ColorMap.JET, 0.5).crop(2, 0, 2, 4)).isEqualTo(unseen);
    assertThat(view.heatMap(ColorMap.MAGMA).crop(2, 0, 2, 4)).isEqualTo(unseen);
    assertThat(Unseen.outside(picture, LEFT_HALF).crop(2, 0, 2, 4)).isEqualTo(unseen);
    assertThat(view.picture().crop(0, 0, 2, 4)).isEqualTo(picture.crop(0, 0, 2, 4));
  }

  @Test
  void whatTheNetworkDidNotSeeIsFadedUnderLines() {
    RgbImage black = RgbImage.of(12, 1, new byte[36]);

    RgbImage unseen = Unseen.outside(black, Box.whole(6, 1));

    assertThat(unseen.sample(5, 0, 0)).isZero();
    assertThat(unseen.sample(7, 0, 0)).as("60 % white").isEqualTo(153);
    assertThat(unseen.sample(6, 0, 0)).as("a line of 0x6a over it").isEqualTo(132);
  }

  @Test
  void heatMapShowsTheColours() {
    RgbImage heat = MapView.of(picture, LEFT_HALF, map).heatMap(ColorMap.VIRIDIS);

    for (int c = 0; c < 3; c++) {
      assertThat(heat.sample(1, 3, c)).isEqualTo(ColorMap.VIRIDIS.sample(127, c));
    }
  }

  @Test
  void grayIsTheValue() {
    RgbImage gray = MapView.of(picture, LEFT_HALF, map).gray();

    assertThat(gray.sample(0, 0, 0)).isEqualTo(127);
    assertThat(gray.sample(3, 0, 0)).isZero();
    assertThat(gray.gray()).isEqualTo(gray);
  }

  @Test
  void nothingToShowOnABlackImageIsBlack() {
    RgbImage black = RgbImage.of(2, 2, new byte[12]);

    RgbImage overlay =
        MapView.of(black, Box.whole(2, 2), ScaledMap.zero()).overlay(ColorMap.MAGMA, 0);

    assertThat(overlay).isEqualTo(black);
  }

  @Test
  void valuesOutsideTheirRangeAreShownAsItsEnds() {
    ScaledMap wild = new ScaledMap(1, 3, new float[] {-1, 2, Float.NaN});

    RgbImage gray = MapView.of(HashedImage.of(3, 1), Box.whole(3, 1), wild).gray();

    assertThat(gray.sample(0, 0, 0)).isZero();
    assertThat(gray.sample(1, 0, 0)).isEqualTo(255);
    assertThat(gray.sample(2, 0, 0)).isZero();
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> MapView.of(picture, LEFT_HALF, map).overlay(ColorMap.JET, 1.5))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("1.5");
    assertThatThrownBy(() -> new ScaledMap(2, 2, new float[3]))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("needs 4 values, but 3");
  }
}
