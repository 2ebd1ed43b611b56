package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.List;

/**
 * Several evolutions of the same layers side by side: for each layer a cell that holds the panel of
 * every one of them, so that the eye need not travel.
 */
public final class BesideSheet {
  private static final int MARGIN = SheetInk.MARGIN;
  private static final int CAPTION_ROW = SheetInk.CAPTION_ROW;
  private static final int PANEL = 168;
  private static final int MAX_PANEL_HEIGHT = 220;
  private static final int GAP = 6;
  private static final int GUTTER = 28;
  private static final int WIDE_ENOUGH = 1640;

  private BesideSheet() {}

  /**
   * Draws the sheet; needs no fonts and no display.
   *
   * @param evolutions what stands side by side, from left to right
   * @param alpha the heat's share in each overlay, 0 to 1
   * @throws CamjarException if there are none, or the numbers of panels differ
   */
  public static RgbImage draw(List<Evolution> evolutions, ColorMap colors, double alpha) {
    int layers = Evolution.layersOf(evolutions);
    List<Evolution> fitted =
        evolutions.stream().map(e -> e.fitted(PANEL, MAX_PANEL_HEIGHT)).toList();
    Grid grid = Grid.of(fitted, layers);
    Canvas canvas = new Canvas(grid.width(), grid.height(), SheetInk.PAPER);
    SheetInk ink = new SheetInk(canvas, colors, alpha);
    ink.header("Side by side", notes(evolutions), 0, grid.width());
    for (int column = 0; column < grid.columns(); column++) {
      for (int k = 0; k < fitted.size(); k++) {
        // A panel is narrow: the method on one line, the class on the next.
        String[] lines = fitted.get(k).heading().split(", ", 2);
        for (int line = 0; line < lines.length; line++) {
          int top = SheetInk.HEADER - 14 + 15 * line;
          ink.remark(lines[line], grid.left(column, k), top, grid.panel());
        }
      }
    }
    for (int i = 0; i < layers; i++) {
      grid.cell(ink, fitted, i);
    }
    return canvas.toImage();
  }

  private static String notes(List<Evolution> evolutions) {
    return String.join("   |   ", evolutions.stream().map(Evolution::note).distinct().toList());
  }

  /** Where cells stand; they run down the columns, so that a column is read like a list. */
  private record Grid(int panel, int picture, int beside, int columns, int rows) {
    static Grid of(List<Evolution> evolutions, int layers) {
      int panel = evolutions.stream().mapToInt(e -> e.picture().width()).max().orElseThrow();
      int picture = evolutions.stream().mapToInt(e -> e.picture().height()).max().orElseThrow();
      panel = Math.max(panel, PANEL);
      int cell = evolutions.size() * (panel + GAP) - GAP;
      int columns = Math.max(1, Math.min(layers, (WIDE_ENOUGH + GUTTER) / (cell + GUTTER)));
      int rows = (layers + columns - 1) / columns;
      return new Grid(panel, picture, evolutions.size(), (layers + rows - 1) / rows, rows);
    }

    int cellWidth() {
      return beside * (panel + GAP) - GAP;
    }

    int width() {
      return 2 * MARGIN + columns * (cellWidth() + GUTTER) - GUTTER;
    }

    int height() {
      return SheetInk.HEADER + CAPTION_ROW + rows * (CAPTION_ROW + picture + GAP) + MARGIN;
    }

    int left(int column, int k) {
      return MARGIN + column * (cellWidth() + GUTTER) + k * (panel + GAP);
    }

    void cell(SheetInk ink, List<Evolution> evolutions, int layer) {
      int column = layer / rows;
      int top = SheetInk.HEADER + CAPTION_ROW + layer % rows * (CAPTION_ROW + picture + GAP);
      Panel first = evolutions.get(0).panels().get(layer);
      Panel last = evolutions.get(beside - 1).panels().get(layer);
      String path = first.title().equals(last.title()) ? "" : last.title() + ", ";
      ink.caption(first.title(), path + last.size(), left(column, 0), top, cellWidth());
      for (int k = 0; k < beside; k++) {
        Evolution evolution = evolutions.get(k);
        ink.panel(evolution, evolution.panels().get(layer), left(column, k), top + CAPTION_ROW);
      }
    }
  }
}
