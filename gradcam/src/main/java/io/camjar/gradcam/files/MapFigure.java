package io.camjar.gradcam.files;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import io.camjar.gradcam.render.MapView;
import java.util.List;

/** One map as a figure of two by two: the image, the overlay, the map alone and its own places. */
final class MapFigure {
  /** About as wide as a figure's pictures are. */
  private static final int WIDTH = 300;

  private MapFigure() {}

  /**
   * Draws the figure.
   *
   * @param explanation of the map's own exit, where the network has several
   * @param alpha the heat's share in the overlay, 0 to 1
   */
  static RgbImage draw(Explanation explanation, CamMap map, ColorMap colors, double alpha) {
    MapView view = explanation.view(map);
    String remark = map.status() == MapStatus.OK ? "" : map.status().text();
    int factor = Math.max(1, WIDTH / Math.max(map.width(), map.height()));
    String places = "%d x %d".formatted(map.height(), map.width());
    List<Cell> cells =
        List.of(
            new Cell(view.picture(), "image", "", ""),
            new Cell(view.overlay(colors, alpha), "overlay", remark, ""),
            new Cell(view.heatMap(colors), "map", "", map.layer()),
            new Cell(places(map, colors, factor), "as the layer has it", "", places));
    String heading = map.target().display() + " at " + map.layer();
    return ImageSheet.draw(heading, explanation.note(), cells, 2, colors);
  }

  /**
   * A map in its own size, not made larger: a pixel a place of the layer.
   *
   * @param factor how many pixels a place is wide and high, 1 for one
   */
  static RgbImage places(CamMap map, ColorMap colors, int factor) {
    float[] scaled = map.scaled();
    int width = map.width() * factor;
    int height = map.height() * factor;
    byte[] out = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int entry = ColorMap.index(scaled[y / factor * map.width() + x / factor]);
        for (int c = 0; c < 3; c++) {
          out[3 * (y * width + x) + c] = (byte) colors.sample(entry, c);
        }
      }
    }
    return RgbImage.of(width, height, out);
  }
}
