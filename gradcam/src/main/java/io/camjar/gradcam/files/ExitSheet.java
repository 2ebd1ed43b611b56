package io.camjar.gradcam.files;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The exits of one network next to one another: what each answers, and its map at the deepest of
 * its layers.
 */
public final class ExitSheet {
  private static final int COLUMNS = 5;

  private ExitSheet() {}

  /**
   * The sheet, a row or two for each class that was asked for; empty where fewer than two exits
   * have maps.
   *
   * @param explanation by one of several exits, with those before it
   * @param alpha the heat's share in overlays, 0 to 1
   */
  public static Optional<RgbImage> draw(Explanation explanation, ColorMap colors, double alpha) {
    List<Explanation> exits =
        explanation.exits().stream().filter(one -> !one.layers().isEmpty()).toList();
    if (exits.size() < 2) {
      return Optional.empty();
    }
    List<Cell> cells = new ArrayList<>();
    for (int target = 0; target < explanation.targets().size(); target++) {
      for (Explanation one : exits) {
        if (target < one.targets().size()) {
          cells.add(cell(one, one.targets().get(target), colors, alpha));
        }
      }
    }
    String heading = "%d exits of %s".formatted(exits.size(), explanation.model().architecture());
    return Optional.of(
        ImageSheet.draw(
            heading, explanation.note(), cells, Math.min(COLUMNS, exits.size()), colors));
  }

  private static Cell cell(
      Explanation explanation, ClassLabel target, ColorMap colors, double alpha) {
    String layer = explanation.layers().get(explanation.layers().size() - 1);
    CamMap map = explanation.map(layer, target.index());
    String figure = explanation.readout().figure(explanation.logits(), target.index(), 3);
    return new Cell(
        explanation.view(map).overlay(colors, alpha),
        "exit %d: %s %s".formatted(explanation.exit().orElse(1), target.display(), figure),
        map.status() == MapStatus.OK ? "" : map.status().text(),
        layer);
  }
}
