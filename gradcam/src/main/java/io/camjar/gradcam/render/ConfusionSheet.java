package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import java.util.List;

/**
 * A confusion matrix as an image: a row a class that is shown, a column a class that is answered,
 * coloured by the row's share, so that classes of few images can be compared with others.
 */
public final class ConfusionSheet {
  /** Classes beyond which cells would be too small to be seen. */
  public static final int MOST = 100;

  private static final int MARGIN = SheetInk.MARGIN;
  private static final int NAMES = 220;
  private static final int HEADINGS = 30;
  private static final int NARROWEST = 560;
  private static final int LARGEST_CELL = 44;
  private static final int SMALLEST_CELL = 10;
  private static final int WANTED_SIDE = 720;

  /** Cells below it hold no figures, and rows no names but every few. */
  private static final int LEGIBLE = 26;

  private static final int PAPER = SheetInk.PAPER;
  private static final int INK = 0x16181d;
  private static final int FULL = 0x08306b;
  private static final int NONE = 0xf4f5f7;
  private static final double DARK = 0.45;

  private static final Lettering TITLE = new Lettering(15, 2, INK);
  private static final Lettering NOTE = new Lettering(10, 1.25, 0x767c88);
  private static final Lettering NAME = new Lettering(9, 1.2, INK);
  private static final Lettering ON_DARK = new Lettering(9, 1.3, PAPER);

  private ConfusionSheet() {}

  /**
   * Draws the matrix; needs no fonts and no display.
   *
   * @param names of the classes, in the order of rows and columns
   * @param numbers their indices, which head the columns
   * @param counts images, a row a class that is shown
   * @throws CamjarException if there are no classes or more than {@link #MOST}
   */
  public static RgbImage draw(
      String title, String note, List<String> names, List<Integer> numbers, int[][] counts) {
    int size = names.size();
    if (size == 0 || size > MOST) {
      throw new CamjarException(
          "An image of a confusion matrix holds 1 to %d classes, not %d.".formatted(MOST, size));
    }
    int cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, WANTED_SIDE / size));
    int left = MARGIN + NAMES;
    int top = SheetInk.HEADER + HEADINGS;
    int width = Math.max(left + size * cell + MARGIN, 2 * MARGIN + NARROWEST);
    Canvas canvas = new Canvas(width, top + size * cell + MARGIN, PAPER);
    TITLE.draw(canvas, TITLE.fitted(title, width - 2.0 * MARGIN), MARGIN, 44);
    NOTE.draw(canvas, NOTE.fitted(note, width - 2.0 * MARGIN), MARGIN, 70);
    int every = cell >= LEGIBLE ? 1 : (LEGIBLE + cell - 1) / cell;
    for (int i = 0; i < size; i++) {
      if (i % every == 0) {
        String number = numbers.get(i).toString();
        NAME.draw(canvas, number, left + i * cell + (cell - NAME.width(number)) / 2, top - 8);
        NAME.drawRight(
            canvas,
            NAME.fitted(names.get(i) + "  " + number, NAMES - 12.0),
            left - 8,
            top + i * cell + cell / 2.0 + 4.5);
      }
      row(canvas, counts[i], left, top + i * cell, cell);
    }
    return canvas.toImage();
  }

  private static void row(Canvas canvas, int[] counts, int left, int top, int cell) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    for (int j = 0; j < counts.length; j++) {
      double share = sum == 0 ? 0 : (double) counts[j] / sum;
      int x = left + j * cell;
      canvas.fill(x, top, cell - 1, cell - 1, color(share));
      if (cell >= LEGIBLE && counts[j] > 0) {
        Lettering letters = share > DARK ? ON_DARK : NAME;
        String figure = letters.fitted(Integer.toString(counts[j]), cell - 4.0);
        letters.draw(
            canvas, figure, x + (cell - letters.width(figure)) / 2, top + cell / 2.0 + 4.5);
      }
    }
  }

  /** From the colour of nothing to that of a whole row, mixed in sRGB. */
  private static int color(double share) {
    int color = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = NONE >> shift & 0xff;
      int to = FULL >> shift & 0xff;
      color |= (int) Math.round(from + (to - from) * share) << shift;
    }
    return color;
  }
}
