package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.List;
import java.util.Locale;

/**
 * All maps of an {@link Evolution} on one sheet, the picture first, rows read left to right;
 * several evolutions, of other classes or methods, stand one below the other.
 */
public final class EvolutionSheet {
  private static final int PAPER = 0xffffff;
  private static final int INK = 0x16181d;
  private static final int FAINT = 0x767c88;
  private static final int BADGE_FILL = 0x4a5060;

  private static final Lettering HEADING = new Lettering(19, 2.6, INK);
  private static final Lettering NOTE = new Lettering(11, 1.35, FAINT);
  private static final Lettering TITLE = new Lettering(11, 1.6, INK);
  private static final Lettering CAPTION = new Lettering(10, 1.25, FAINT);
  private static final Lettering BADGE = new Lettering(10, 1.4, PAPER);

  private static final int MARGIN = 36;
  private static final int GUTTER = 20;
  private static final int HEADER = 92;
  private static final int CAPTION_ROW = 34;
  private static final int CELL = 236;
  private static final int MAX_CELL_HEIGHT = 300;
  private static final int MIN_CELL = 170;
  private static final double RADIUS = 6;

  private EvolutionSheet() {}

  /**
   * Draws the sheet; needs no fonts and no display.
   *
   * @param alpha the heat's share in each overlay, 0 to 1; 1 shows the maps bare
   */
  public static RgbImage draw(Evolution evolution, ColorMap colors, double alpha) {
    return draw(List.of(evolution), colors, alpha);
  }

  /**
   * Draws several evolutions below each other.
   *
   * @param alpha the heat's share in each overlay, 0 to 1; 1 shows the maps bare
   * @throws CamjarException if there are none
   */
  public static RgbImage draw(List<Evolution> evolutions, ColorMap colors, double alpha) {
    if (evolutions.isEmpty()) {
      throw new CamjarException("A sheet needs at least one evolution to show.");
    }
    List<Section> sections = evolutions.stream().map(Section::of).toList();
    int width = sections.stream().mapToInt(Section::width).max().orElseThrow();
    int height = sections.stream().mapToInt(Section::height).sum();
    Canvas canvas = new Canvas(width, height, PAPER);
    int top = 0;
    for (Section section : sections) {
      section.header(canvas, top, width, colors);
      section.cells(canvas, top + HEADER, colors, alpha);
      top += section.height();
    }
    return canvas.toImage();
  }

  /** One evolution's header and grid. */
  private record Section(Evolution evolution, String pictureSize, int columns, int rows) {
    static Section of(Evolution evolution) {
      int cells = evolution.panels().size() + 1;
      int columns = columnsFor(cells);
      return new Section(
          evolution.fitted(CELL, MAX_CELL_HEIGHT),
          evolution.picture().width() + " × " + evolution.picture().height(),
          columns,
          (cells + columns - 1) / columns);
    }

    /** From 5 to 8 columns, whichever leave the fewest holes, no higher than wide. */
    private static int columnsFor(int cells) {
      int best = Math.min(cells, 6);
      int fewest = Integer.MAX_VALUE;
      for (int columns = Math.min(cells, 5); columns <= Math.min(cells, 8); columns++) {
        int holes = (columns - cells % columns) % columns;
        if (columns * columns >= cells && holes < fewest) {
          best = columns;
          fewest = holes;
        }
      }
      return best;
    }

    int cellWidth() {
      return Math.max(evolution.picture().width(), MIN_CELL);
    }

    int cellHeight() {
      return CAPTION_ROW + evolution.picture().height();
    }

    int width() {
      return 2 * MARGIN + columns * cellWidth() + (columns - 1) * GUTTER;
    }

    int height() {
      return HEADER + MARGIN + rows * cellHeight() + (rows - 1) * GUTTER;
    }

    void header(Canvas canvas, int top, int width, ColorMap colors) {
      int bar = Math.min(200, width / 4);
      int left = width - MARGIN - bar;
      double space = left - 2.0 * MARGIN;
      HEADING.draw(canvas, HEADING.fitted(evolution.heading(), space), MARGIN, top + 46);
      NOTE.draw(canvas, NOTE.fitted(evolution.note(), space), MARGIN, top + 72);
      for (int x = 0; x < bar; x++) {
        canvas.fill(left + x, top + 32, 1, 12, colors.rgb(x * 255 / (bar - 1)));
      }
      CAPTION.draw(canvas, "0", left, top + 64);
      CAPTION.drawRight(canvas, "1", width - MARGIN, top + 64);
      String name = colors.name().toLowerCase(Locale.ROOT);
      CAPTION.draw(canvas, name, left + (bar - CAPTION.width(name)) / 2, top + 64);
    }

    void cells(Canvas canvas, int top, ColorMap colors, double alpha) {
      caption(canvas, "picture", pictureSize, MARGIN, top);
      canvas.image(evolution.picture(), MARGIN, top + CAPTION_ROW, RADIUS);
      for (int i = 0; i < evolution.panels().size(); i++) {
        Panel panel = evolution.panels().get(i);
        int x = MARGIN + (i + 1) % columns * (cellWidth() + GUTTER);
        int y = top + (i + 1) / columns * (cellHeight() + GUTTER);
        caption(canvas, panel.title(), panel.size(), x, y);
        canvas.image(evolution.drawn(panel, colors, alpha), x, y + CAPTION_ROW, RADIUS);
        if (!panel.ok()) {
          badge(canvas, panel.reason(), x, y + CAPTION_ROW);
        }
      }
    }

    private void caption(Canvas canvas, String title, String size, int left, int top) {
      double space = cellWidth() - CAPTION.width(size) - 6;
      TITLE.draw(canvas, TITLE.fitted(title, space), left, top + 22);
      CAPTION.drawRight(canvas, size, left + cellWidth(), top + 22);
    }

    private void badge(Canvas canvas, String reason, int left, int top) {
      RgbImage picture = evolution.picture();
      String text = BADGE.fitted(reason, picture.width() - 28.0);
      double width = BADGE.width(text) + 20;
      double x = left + (picture.width() - width) / 2;
      double y = top + picture.height() / 2.0 - 13;
      canvas.pill(x, y, width, 26, 13, BADGE_FILL);
      BADGE.draw(canvas, text, x + 11, y + 18);
    }
  }
}
