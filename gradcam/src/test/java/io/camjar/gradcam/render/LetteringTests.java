package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.image.RgbImage;
import org.junit.jupiter.api.Test;

class LetteringTests {
  private static final Lettering LETTERS = new Lettering(20, 2, 0x000000);

  @Test
  void everyPrintableAsciiCharacterHasStrokes() {
    Glyph unknown = Glyph.of(0x4e00);
    for (int character = '!'; character <= '~'; character++) {
      assertThat(Glyph.of(character)).as("%c", character).isNotSameAs(unknown);
      assertThat(Glyph.of(character).segments()).as("%c", character).isNotEmpty();
    }
  }

  @Test
  void noTwoCharactersLookAlike() {
    for (int a = '!'; a <= '~'; a++) {
      for (int b = a + 1; b <= '~'; b++) {
        assertThat(drawn(Character.toString(a)))
            .as("%c and %c", a, b)
            .isNotEqualTo(drawn(Character.toString(b)));
      }
    }
  }

  @Test
  void inkLiesBetweenTheLines() {
    RgbImage bar = drawn("I");

    // The base line is at 35 and the capital 20 high; half a stroke stands out at each end.
    for (int y = 0; y < 60; y++) {
      boolean inked = bar.sample(10, y, 0) < 128;
      assertThat(inked).as("row %d", y).isEqualTo(y >= 14 && y < 36);
    }
  }

  @Test
  void accentsAreDroppedRatherThanTheLetter() {
    assertThat(drawn("é")).isEqualTo(drawn("e"));
  }

  @Test
  void whatDoesNotFitIsCut() {
    String fitted = LETTERS.fitted("a very long class name", 150);

    assertThat(fitted).startsWith("a ver").endsWith("…");
    assertThat(LETTERS.width(fitted)).isLessThanOrEqualTo(150);
    assertThat(LETTERS.fitted("cat", 150)).isEqualTo("cat");
    assertThat(LETTERS.fitted("cat", 1)).isEqualTo("…");
  }

  @Test
  void rightAlignedTextEndsAtTheEdge() {
    Canvas canvas = new Canvas(100, 60, 0xffffff);

    LETTERS.drawRight(canvas, "HI", 90, 40);

    RgbImage image = canvas.toImage();
    int last = 0;
    for (int x = 0; x < 100; x++) {
      last = image.sample(x, 30, 0) < 128 ? x : last;
    }
    assertThat((double) last).isCloseTo(89, within(1.0));
  }

  private static RgbImage drawn(String text) {
    Canvas canvas = new Canvas(60, 60, 0xffffff);
    LETTERS.draw(canvas, text, 9, 35);
    return canvas.toImage();
  }

  @Test
  void aLongNameNeverPushesAFigureAway() {
    String fitted = LETTERS.fittedWithFigure("a very long class name 0.78", 150);
    assertThat(fitted).startsWith("a ").endsWith("… 0.78");
    assertThat(LETTERS.width(fitted)).isLessThanOrEqualTo(150);
    assertThat(LETTERS.fittedWithFigure("a very long name without", 100)).endsWith("…");
    assertThat(LETTERS.fittedWithFigure("cat 0.78", 150)).isEqualTo("cat 0.78");
  }
}
