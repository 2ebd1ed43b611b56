package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.List;

/**
 * All maps of an {@link Evolution} on one sheet, the image first, rows read left to right; several
 * evolutions, of other classes or methods, stand one below the other.
 */
public final class EvolutionSheet {
  private static final int MARGIN = SheetInk.MARGIN;
  private static final int GUTTER = 20;
  private static final int HEADER = SheetInk.HEADER;
  private static final int CAPTION_ROW = SheetInk.CAPTION_ROW;
  private static final int CELL = 236;
  private static final int MAX_CELL_HEIGHT = 300;
  private static final int MIN_CELL = 170;

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
    Canvas canvas = new Canvas(width, height, SheetInk.PAPER);
    SheetInk ink = new SheetInk(canvas, colors, alpha);
    int top = 0;
    for (Section section : sections) {
      ink.header(section.evolution().heading(), section.evolution().note(), top, width);
      section.cells(ink, top + HEADER);
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

    void cells(SheetInk ink, int top) {
      ink.caption("image", pictureSize, MARGIN, top, cellWidth());
      ink.picture(evolution.seen(), MARGIN, top + CAPTION_ROW);
      for (int i = 0; i < evolution.panels().size(); i++) {
        Panel panel = evolution.panels().get(i);
        int x = MARGIN + (i + 1) % columns * (cellWidth() + GUTTER);
        int y = top + (i + 1) / columns * (cellHeight() + GUTTER);
        ink.caption(panel.title(), panel.size(), x, y, cellWidth());
        ink.panel(evolution, panel, x, y + CAPTION_ROW);
      }
    }
  }
}
