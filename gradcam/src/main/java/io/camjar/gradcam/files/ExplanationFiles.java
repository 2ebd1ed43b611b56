package io.camjar.gradcam.files;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.ExplanationRecord;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.PixelGradient;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.EvolutionGif;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.gradcam.render.MapView;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.gradcam.report.Reports;
import io.camjar.weights.npy.Npy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What {@code camjar explain} writes of an image, under the same names, without a file.
 *
 * <pre>{@code
 * Explanation e = explainer.explain(upload);
 * ExplanationFiles files = ExplanationFiles.of(e, FileChoice.named("dog"));
 * files.all(); // dog_layer4.2_207.png, ..._map.png, ..._gray.png, dog.json
 * }</pre>
 *
 * @param record the record; each of its maps names the files that show it
 * @param ofMaps the files that show one map
 * @param others logits, sheets, the page and the record
 */
public record ExplanationFiles(
    ExplanationRecord record, Map<CamMap, List<NamedBytes>> ofMaps, List<NamedBytes> others) {
  /** All files of one explanation. */
  public static ExplanationFiles of(Explanation explanation, FileChoice choice) {
    Map<CamMap, List<NamedBytes>> ofMaps = new LinkedHashMap<>();
    for (Explanation exit : explanation.exits()) {
      for (CamMap map : exit.maps()) {
        List<NamedBytes> files = new ArrayList<>();
        writeMap(exit, map, choice, files::add);
        ofMaps.put(map, List.copyOf(files));
      }
    }
    List<NamedBytes> others = new ArrayList<>();
    writeOthers(explanation, choice, others::add);
    ExplanationRecord record =
        explanation.record(map -> ofMaps.get(map).stream().map(NamedBytes::name).toList());
    if (choice.has(FileFormat.JSON)) {
      byte[] json = record.toJson().getBytes(StandardCharsets.UTF_8);
      others.add(file(choice.stem() + ".json", FileFormat.JSON, json));
    }
    return new ExplanationFiles(record, ofMaps, List.copyOf(others));
  }

  /** Those of maps, map by map, then the others; the record last. */
  public List<NamedBytes> all() {
    List<NamedBytes> all = new ArrayList<>();
    ofMaps.values().forEach(all::addAll);
    all.addAll(others);
    return all;
  }

  /** What the names of the files that show one map begin with: stem, layer, class and exit. */
  public static String name(String stem, Explanation explanation, CamMap map) {
    return "%s_%s_%s%s".formatted(stem, map.layer(), word(map.target()), suffix(explanation));
  }

  /**
   * Writes the files that show one map, one after the other.
   *
   * @param explanation of the map's own exit, where the network has several
   * @param sink is given each as soon as it is made; an exception of it ends the writing
   */
  public static void writeMap(
      Explanation explanation, CamMap map, FileChoice choice, Consumer<NamedBytes> sink) {
    String name = name(choice.stem(), explanation, map);
    if (choice.has(FileFormat.PNG)) {
      MapView view = explanation.view(map);
      sink.accept(png(name + ".png", Png.encode(view.overlay(choice.colors(), choice.alpha()))));
      sink.accept(png(name + "_map.png", Png.encode(view.heatMap(choice.colors()))));
      sink.accept(png(name + "_gray.png", Png.encode(view.gray())));
      map.pixels()
          .filter(PixelGradient::isDrawable)
          .map(PixelGradient::deprocess)
          .ifPresent(pixels -> sink.accept(png(name + "_pixels.png", Png.encode(pixels))));
    }
    if (choice.has(FileFormat.FIGURE)) {
      RgbImage figure = MapFigure.draw(explanation, map, choice.colors(), choice.alpha());
      RgbImage small = MapFigure.places(map, choice.colors(), 1);
      sink.accept(file(name + "_figure.png", FileFormat.FIGURE, Png.encode(figure)));
      sink.accept(file(name + "_small.png", FileFormat.FIGURE, Png.encode(small)));
    }
    if (choice.has(FileFormat.NPY)) {
      sink.accept(npy(name + ".npy", map.raw(), map.height(), map.width()));
      sink.accept(npy(name + "_norm.npy", map.scaled(), map.height(), map.width()));
    }
  }

  /**
   * Writes the files that show no single map, the record excepted: logits, the sheet and the
   * animation of all layers, the page.
   *
   * @param sink is given each as soon as it is made; an exception of it ends the writing
   */
  public static void writeOthers(
      Explanation explanation, FileChoice choice, Consumer<NamedBytes> sink) {
    for (Explanation exit : explanation.exits()) {
      writeExit(exit, choice, sink);
    }
    if (choice.has(FileFormat.PNG)) {
      ExitSheet.draw(explanation, choice.colors(), choice.alpha())
          .ifPresent(sheet -> sink.accept(png(choice.stem() + "_exits.png", Png.encode(sheet))));
    }
    if (choice.has(FileFormat.HTML)) {
      String page =
          HtmlReport.render(
              Reports.of(explanation, choice.stem()), choice.colors(), choice.alpha());
      sink.accept(
          file(choice.stem() + ".html", FileFormat.HTML, page.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void writeExit(
      Explanation explanation, FileChoice choice, Consumer<NamedBytes> sink) {
    float[] logits = explanation.logits();
    if (choice.has(FileFormat.NPY) && logits.length > 0) {
      String name = "%s_logits%s.npy".formatted(choice.stem(), suffix(explanation));
      sink.accept(npy(name, logits, logits.length));
    }
    List<String> path = choice.evolution().stream().filter(explanation.layers()::contains).toList();
    if (path.isEmpty()) {
      return;
    }
    String name = "%s_evolution%s".formatted(choice.stem(), suffix(explanation));
    List<Evolution> evolutions = explanation.evolutions(path);
    if (choice.has(FileFormat.PNG)) {
      RgbImage sheet = EvolutionSheet.draw(evolutions, choice.colors(), choice.alpha());
      sink.accept(png(name + ".png", Png.encode(sheet)));
    }
    if (choice.has(FileFormat.GIF)) {
      byte[] gif = EvolutionGif.encode(evolutions, choice.colors(), choice.alpha());
      sink.accept(file(name + ".gif", FileFormat.GIF, gif));
    }
  }

  /** What names end with where a network has several exits. */
  private static String suffix(Explanation explanation) {
    return explanation.exit().isPresent() ? "_exit" + explanation.exit().getAsInt() : "";
  }

  private static String word(ClassLabel target) {
    return target.index() < 0 ? "any" : String.valueOf(target.index());
  }

  private static NamedBytes png(String name, byte[] bytes) {
    return file(name, FileFormat.PNG, bytes);
  }

  private static NamedBytes npy(String name, float[] values, long... shape) {
    return file(name, FileFormat.NPY, Npy.encode(values, shape));
  }

  private static NamedBytes file(String name, FileFormat format, byte[] bytes) {
    return new NamedBytes(name, format.mediaType(), bytes);
  }
}
