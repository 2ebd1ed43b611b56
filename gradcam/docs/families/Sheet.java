import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.scene.BuiltinScene;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import io.camjar.gradcam.render.Png;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The built-in scene through the networks that train.py left: of each the Grad-CAM map of its best
 * class at its default layer. Prints a row of families.md for each.
 *
 * <pre>Sheet FOLDER OUT.png FAMILY=NAME...</pre>
 */
public final class Sheet {
  /** Pixels of a column of the sheet that is written. */
  private static final int COLUMN = 210;

  private Sheet() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    RgbImage scene = BuiltinScene.draw().picture();
    List<Cell> cells = new ArrayList<>();
    for (String pair : List.of(args).subList(2, args.length)) {
      String[] words = pair.split("=", 2);
      JsonNode record = new ObjectMapper().readTree(folder.resolve(words[1] + ".json").toFile());
      Checkpoint checkpoint = Checkpoints.open(folder.resolve(words[1] + ".pth"));
      try (Network network = checkpoint.network()) {
        cells.add(cell(words[0], record, Explainer.of(network, checkpoint), scene));
      }
    }
    RgbImage sheet =
        ImageSheet.draw(
            "One drawing, %d families".formatted(cells.size()),
            "Grad-CAM of each network's best class at its default layer; accuracy on Imagenette",
            cells,
            (cells.size() + 1) / 2,
            ColorMap.JET);
    int width = COLUMN * ((cells.size() + 1) / 2);
    int height = sheet.height() * width / sheet.width();
    Png.write(PillowResize.resize(sheet, width, height, Resample.LANCZOS), Path.of(args[1]));
  }

  private static Cell cell(String family, JsonNode record, Explainer explainer, RgbImage scene) {
    Explanation e = explainer.explain("built-in scene", scene, List.of(Target.top(2)));
    String layer = e.layers().get(0);
    ClassLabel best = e.targets().get(0);
    CamMap map = e.map(layer, best.index());
    double accuracy = record.get("accuracy").asDouble();
    String size = map.height() + " × " + map.width();
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %d | %.1f %% | `%s`, %s | %s %s, then %s %s |%n",
        family,
        record.get("parameters").asInt(),
        e.inputHeight(),
        100 * accuracy,
        layer,
        size,
        best.display(),
        e.readout().figure(e.logits(), best.index(), 2),
        e.targets().get(1).display(),
        e.readout().figure(e.logits(), e.targets().get(1).index(), 2));
    return new Cell(
        e.view(map).overlay(ColorMap.JET, 0.5),
        "%s: %s %s"
            .formatted(family, best.display(), e.readout().figure(e.logits(), best.index(), 2)),
        "%.0f %%, %s".formatted(100 * accuracy, size),
        layer);
  }
}
