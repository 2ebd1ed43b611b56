package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ImageSheet.Cell;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSheetTests {
  private final Cell cell = new Cell(HashedImage.of(150, 100), "cat / dog", "5.00 / 0.93", "x");

  private RgbImage sheet(List<Cell> cells) {
    return ImageSheet.draw("Top losses", "predicted / actual", cells, ColorMap.JET);
  }

  @ParameterizedTest
  @CsvSource({"9, 3, 3", "1, 2, 1", "2, 2, 1", "5, 3, 2", "10, 4, 3"})
  void theGridIsAsSquareAsCanBe(int pictures, int columns, int rows) {
    RgbImage sheet = sheet(Collections.nCopies(pictures, cell));

    // Images are enlarged to 300 x 200; margins, gutters and lines of text are the sheet's own.
    assertThat(sheet.width()).isEqualTo(72 + columns * 300 + (columns - 1) * 24);
    assertThat(sheet.height()).isEqualTo(92 + rows * (52 + 200) + (rows - 1) * 24 + 36);
  }

  @Test
  void picturesAreReadRowByRow() {
    Cell other = new Cell(HashedImage.of(300, 200), "a", "b", "c");
    RgbImage sheet = sheet(List.of(cell, cell, other, cell));

    assertThat(sheet.crop(36 + 6, 92 + 52 + 200 + 24 + 52 + 6, 288, 188))
        .isEqualTo(other.picture().crop(6, 6, 288, 188));
    assertThat(sheet.crop(36 + 6, 92 + 52 + 6, 288, 188))
        .isEqualTo(cell.fitted().picture().crop(6, 6, 288, 188));
  }

  @Test
  void longTextAndLongImagesFit() {
    Cell odd = new Cell(HashedImage.of(2, 900), "x".repeat(300), "9.99", "y".repeat(300));

    assertThat(sheet(List.of(odd)).height()).isEqualTo(92 + 52 + 300 + 36);
    assertThat(sheet(List.of(cell, odd)).crop(36 + 300, 92, 24, 180))
        .isEqualTo(sheet(List.of(cell, cell)).crop(36 + 300, 92, 24, 180));
  }

  @Test
  void aSheetOfNothingIsRefused() {
    assertThatThrownBy(() -> sheet(List.of())).isInstanceOf(CamjarException.class);
  }
}
