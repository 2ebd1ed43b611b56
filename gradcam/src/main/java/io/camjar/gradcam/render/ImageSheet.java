package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import java.util.List;

/** Images on a grid as square as can be, rows read left to right, two lines of text over each. */
public final class ImageSheet {
  private static final int MARGIN = SheetInk.MARGIN;
  private static final int LINE = 18;
  private static final int CAPTION = SheetInk.CAPTION_ROW + LINE;
  private static final int GUTTER = 24;
  private static final int CELL = 300;
  private static final int LARGEST_ENLARGEMENT = 4;

  private ImageSheet() {}

  /**
   * One image.
   *
   * @param title the line over it, cut if too long
   * @param remark what stands below the title at the left
   * @param name what stands there at the right, cut if too long
   */
  public record Cell(RgbImage picture, String title, String remark, String name) {
    /** The same with the image made to fit, so that the large one can be forgotten. */
    public Cell fitted() {
      double scale =
          Math.min(
              LARGEST_ENLARGEMENT,
              Math.min((double) CELL / picture.width(), (double) CELL / picture.height()));
      int width = Math.max((int) Math.round(picture.width() * scale), 1);
      int height = Math.max((int) Math.round(picture.height() * scale), 1);
      return new Cell(
          PillowResize.resize(picture, width, height, Resample.LANCZOS), title, remark, name);
    }
  }

  /**
   * Draws the sheet; needs no fonts and no display.
   *
   * @param heading what images these are
   * @param note what the lines over them say
   * @param colors of the maps that were laid over them
   * @throws CamjarException if there is no image
   */
  public static RgbImage draw(String heading, String note, List<Cell> cells, ColorMap colors) {
    return draw(heading, note, cells, (int) Math.ceil(Math.sqrt(cells.size())), colors);
  }

  /**
   * Draws the sheet with so many images a row.
   *
   * @param heading what images these are
   * @param note what the lines over them say
   * @param columns 1 or more
   * @param colors of the maps that were laid over them
   * @throws CamjarException if there is no image
   */
  public static RgbImage draw(
      String heading, String note, List<Cell> cells, int columns, ColorMap colors) {
    if (cells.isEmpty()) {
      throw new CamjarException("A sheet needs at least one image to show.");
    }
    List<Cell> fitted = cells.stream().map(Cell::fitted).toList();
    int rows = (cells.size() + columns - 1) / columns;
    int cellHeight =
        CAPTION + fitted.stream().mapToInt(cell -> cell.picture().height()).max().orElseThrow();
    // One column is widened so that the heading has room next to the colours.
    int width = 2 * MARGIN + Math.max(columns, 2) * (CELL + GUTTER) - GUTTER;
    int height = SheetInk.HEADER + rows * (cellHeight + GUTTER) - GUTTER + MARGIN;
    Canvas canvas = new Canvas(width, height, SheetInk.PAPER);
    SheetInk ink = new SheetInk(canvas, colors, 1);
    ink.header(heading, note, 0, width);
    for (int i = 0; i < fitted.size(); i++) {
      int left = MARGIN + i % columns * (CELL + GUTTER);
      int top = SheetInk.HEADER + i / columns * (cellHeight + GUTTER);
      draw(ink, fitted.get(i), left, top);
    }
    return canvas.toImage();
  }

  private static void draw(SheetInk ink, Cell cell, int left, int top) {
    ink.caption(cell.title(), "", left, top, CELL);
    ink.remarks(cell.remark(), cell.name(), left, top + LINE, CELL);
    ink.picture(cell.picture(), left, top + CAPTION);
  }
}
