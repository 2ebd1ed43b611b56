package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BesideSheetTests {
  private static final int TOP = 92 + 34;
  private static final int SIDE = 168;

  /** Of a square image, which fits a panel's 168 x 168 pixels. */
  private static Evolution evolution(String heading, int layers) {
    List<Panel> panels =
        IntStream.range(0, layers)
            .mapToObj(
                i ->
                    new Panel(
                        heading + i, HashedMap.of(7, 7), i == 1 ? "no-positive-evidence" : "ok"))
            .toList();
    return new Evolution(HashedImage.of(84, 84), Box.whole(84, 84), heading, "", panels);
  }

  @ParameterizedTest
  @CsvSource({"2, 17, 4, 5", "3, 17, 3, 6", "4, 17, 2, 9", "12, 3, 1, 3", "2, 1, 1, 1"})
  void cellsRunDownAsManyColumnsAsFit(int beside, int layers, int columns, int rows) {
    List<Evolution> evolutions =
        IntStream.range(0, beside).mapToObj(i -> evolution("e" + i, layers)).toList();

    RgbImage sheet = BesideSheet.draw(evolutions, ColorMap.MAGMA, 0.6);

    int cell = beside * (SIDE + 6) - 6;
    assertThat(sheet.width()).isEqualTo(72 + columns * (cell + 28) - 28);
    assertThat(sheet.height()).isEqualTo(TOP + rows * (34 + SIDE + 6) + 36);
  }

  @Test
  void aCellHoldsTheSameLayerOfEachEvolution() {
    Evolution mean = evolution("mean", 3).bare();
    Evolution cam = evolution("cam", 3);

    RgbImage sheet = BesideSheet.draw(List.of(mean, cam), ColorMap.MAGMA, 0.6);

    // Three layers stand in three columns; the inside of a panel is free of rounded corners.
    int third = 36 + 2 * (2 * (SIDE + 6) - 6 + 28);
    Evolution fittedMean = mean.fitted(SIDE, 220);
    Evolution fittedCam = cam.fitted(SIDE, 220);
    assertThat(sheet.crop(third + 8, TOP + 34 + 8, 150, 150))
        .isEqualTo(
            fittedMean.drawn(mean.panels().get(2), ColorMap.MAGMA, 0.6).crop(8, 8, 150, 150));
    assertThat(sheet.crop(third + SIDE + 6 + 8, TOP + 34 + 8, 150, 150))
        .isEqualTo(fittedCam.drawn(cam.panels().get(2), ColorMap.MAGMA, 0.6).crop(8, 8, 150, 150));
  }

  @Test
  void aPanelWithNothingToShowIsGrayAndCarriesItsReason() {
    Evolution cam = evolution("cam", 2);

    RgbImage sheet = BesideSheet.draw(List.of(cam), ColorMap.MAGMA, 0.6);

    RgbImage second = sheet.crop(36 + SIDE + 28, TOP + 34, SIDE, SIDE);
    assertThat(second.crop(8, 8, 150, 40)).isEqualTo(second.crop(8, 8, 150, 40).gray());
    // The badge's fill, between its edge and its text.
    assertThat(second.sample(SIDE / 2, SIDE / 2 - 11, 2)).isEqualTo(0x60);
  }
}
