package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionSheetTests {
  private static final int LEFT = SheetInk.MARGIN + 220;
  private static final int TOP = SheetInk.HEADER + 30;
  private static final int CELL = 44;

  @Test
  void aCellsColourIsItsShareOfTheRow() {
    RgbImage sheet =
        ConfusionSheet.draw(
            "t", "n", List.of("ant", "bee"), List.of(0, 7), new int[][] {{1, 3}, {0, 40}});

    // 0xf4 + (0x08 - 0xf4) * share in red, next to the figures
    assertThat(red(sheet, 0, 0)).isEqualTo(244 - 59);
    assertThat(red(sheet, 0, 1)).isEqualTo(244 - 177);
    assertThat(red(sheet, 1, 0)).isEqualTo(244);
    assertThat(red(sheet, 1, 1)).isEqualTo(8);
  }

  @Test
  void aHundredClassesFitAndMoreAreRefused() {
    assertThat(draw(100).width()).isLessThan(1400);
    assertThatThrownBy(() -> draw(101)).isInstanceOf(CamjarException.class);
    assertThatThrownBy(() -> draw(0)).isInstanceOf(CamjarException.class);
  }

  private static RgbImage draw(int size) {
    return ConfusionSheet.draw(
        "t",
        "n",
        Collections.nCopies(size, "name"),
        IntStream.range(0, size).boxed().toList(),
        new int[size][size]);
  }

  private static int red(RgbImage sheet, int row, int column) {
    return sheet.sample(LEFT + column * CELL + 2, TOP + row * CELL + 2, 0);
  }
}
