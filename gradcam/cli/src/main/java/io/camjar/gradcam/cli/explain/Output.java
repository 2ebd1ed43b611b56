package io.camjar.gradcam.cli.explain;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.cli.earlier.Earlier;
import io.camjar.gradcam.cli.earlier.EarlierRecord;
import io.camjar.gradcam.cli.output.Format;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.files.ExitSheet;
import io.camjar.gradcam.files.ExplanationFiles;
import io.camjar.gradcam.files.FileChoice;
import io.camjar.gradcam.files.FileFormat;
import io.camjar.gradcam.render.BesideSheet;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.gradcam.report.Reports;
import io.camjar.weights.npy.Npy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what {@code explain} leaves behind.
 *
 * @param folder where to
 * @param formats which files
 * @param maps whether maps are written, or nothing but the arrays that they keep
 * @param colors of heat maps and overlays
 * @param alpha the heat's share in overlays
 * @param evolution the layers of the sheet and the animation; empty unless all were asked for
 * @param overwrite whether results of other runs are replaced
 */
record Output(
    Path folder,
    Set<Format> formats,
    boolean maps,
    ColorMap colors,
    double alpha,
    List<String> evolution,
    boolean overwrite) {
  /**
   * What was written of one explanation.
   *
   * @param files all files, the record last
   * @param ofMaps the names of those that show one map
   */
  record Written(List<Path> files, Map<CamMap, List<String>> ofMaps) {}

  /**
   * Files of an explanation, or of one a method, that are complete under hidden names.
   *
   * @param explanations what they show
   * @param files in the order in which they get their names
   * @param ofMaps the names of those that show one map
   */
  record Staged(
      List<Explanation> explanations, List<Staging> files, Map<CamMap, List<String>> ofMaps)
      implements AutoCloseable {
    /**
     * Gives them their names.
     *
     * @throws io.camjar.engine.CamjarException if one cannot be renamed
     */
    Written commit() {
      List<Path> written = new ArrayList<>();
      files.forEach(staging -> written.addAll(staging.commit()));
      return new Written(written, ofMaps);
    }

    /** Removes those that have no names yet. */
    @Override
    public void close() {
      files.forEach(Staging::close);
    }
  }

  /**
   * Refuses, before it is explained, a source whose results would replace those of something else.
   *
   * @throws io.camjar.engine.CamjarException that says what differs
   */
  void check(String image, String stem, Explainer explainer) {
    if (!overwrite) {
      EarlierRecord.of(folder, stem)
          .requireSame(image, explainer.model(), explainer.options().describe());
    }
  }

  /**
   * Stages all files of one explanation, or none.
   *
   * @param stem what their names start with
   * @throws io.camjar.engine.CamjarException if they cannot be written
   */
  Staged stage(Explanation explanation, String stem) {
    Staging staging = new Staging(folder);
    try {
      Map<CamMap, List<String>> files = stage(explanation, stem, staging);
      return new Staged(List.of(explanation), List.of(staging), files);
    } catch (RuntimeException | Error e) {
      staging.close();
      throw e;
    }
  }

  private Map<CamMap, List<String>> stage(Explanation explanation, String stem, Staging staging) {
    long start = System.nanoTime();
    Earlier earlier = new Earlier(folder, stem, overwrite);
    Map<CamMap, List<String>> files = new HashMap<>();
    EvolutionFiles sheets = new EvolutionFiles(staging, formats, colors, alpha);
    for (Explanation one : explanation.exits()) {
      for (CamMap map : one.maps()) {
        files.put(map, writeMap(staging, one, map, stem));
      }
      float[] logits = one.logits();
      if (formats.contains(Format.NPY) && logits.length > 0) {
        String name = "%s_logits%s.npy".formatted(stem, exit(one));
        staging.add(name, part -> Npy.write(part, logits, logits.length));
      }
      List<String> path = evolution.stream().filter(one.layers()::contains).toList();
      if (!path.isEmpty()) {
        sheets.add(one, path, stem, exit(one));
      }
    }
    if (formats.contains(Format.PNG)) {
      ExitSheet.draw(explanation, colors, alpha)
          .ifPresent(sheet -> staging.add(stem + "_exits.png", Png.encode(sheet)));
    }
    sheets.addExpected(explanation, stem);
    if (formats.contains(Format.HTML)) {
      String page = HtmlReport.render(Reports.of(explanation, stem), colors, alpha);
      staging.add(stem + ".html", page.getBytes(StandardCharsets.UTF_8));
    }
    if (formats.contains(Format.JSON)) {
      Timings timings = explanation.timings().withWrite(Timings.since(start));
      Object record = explanation.withTimings(timings).record(files::get);
      staging.add(
          stem + ".json",
          part ->
              RecordJson.writer()
                  .writeValue(part.toFile(), earlier.continued(record, explanation, staging)));
    }
    earlier.allow(explanation, staging);
    return files;
  }

  /** What the files of one method of several begin with. */
  static String stem(String stem, String method) {
    return stem + "_" + method;
  }

  /**
   * Stages the explanations of several methods: of each method all that {@link #stage} does, under
   * its own stem, and for the reader one sheet a class with a column a method, and one page.
   *
   * @throws io.camjar.engine.CamjarException if they cannot be written, or the sheets and the page
   *     of other methods would be replaced
   */
  Staged stageMethods(List<Explanation> explanations, String stem) {
    Set<Format> each = EnumSet.copyOf(formats);
    each.remove(Format.HTML);
    Output single = new Output(folder, each, maps, colors, alpha, evolution, overwrite);
    List<Staging> files = new ArrayList<>();
    Map<CamMap, List<String>> ofMaps = new HashMap<>();
    Staging sheets = new Staging(folder);
    try {
      stageSheets(explanations, stem, sheets);
      for (Explanation one : explanations) {
        Staged staged = single.stage(one, stem(stem, one.methodName()));
        files.addAll(staged.files());
        ofMaps.putAll(staged.ofMaps());
      }
      files.add(sheets);
      return new Staged(explanations, files, ofMaps);
    } catch (RuntimeException | Error e) {
      files.forEach(Staging::close);
      sheets.close();
      throw e;
    }
  }

  /** For the reader: one sheet a class with a column a method, and one page. */
  private void stageSheets(List<Explanation> explanations, String stem, Staging staging) {
    if (formats.contains(Format.PNG)) {
      for (ClassLabel target : explanations.get(0).targets()) {
        List<Evolution> columns = Explanation.sideBySide(explanations, target);
        String name = "%s_methods_%s.png".formatted(stem, word(target));
        staging.add(name, Png.encode(BesideSheet.draw(columns, colors, alpha)));
      }
    }
    if (formats.contains(Format.HTML)) {
      String page = HtmlReport.render(Reports.of(explanations, stem), colors, alpha);
      staging.add(stem + "_methods.html", page.getBytes(StandardCharsets.UTF_8));
    }
    for (String name : staging.names()) {
      if (!overwrite && staging.changes(name)) {
        throw new CamjarException(
            "%s is of another run, and this one would replace it; choose another --out, or --overwrite"
                .formatted(folder.resolve(name)));
      }
    }
  }

  private static String word(ClassLabel target) {
    return target.index() < 0 ? "any" : String.valueOf(target.index());
  }

  /** What names end with where a network has several exits. */
  private static String exit(Explanation explanation) {
    return explanation.exit().isPresent() ? "_exit" + explanation.exit().getAsInt() : "";
  }

  /** What is written of each map. */
  private FileChoice choice(String stem) {
    Set<FileFormat> ofMaps = EnumSet.noneOf(FileFormat.class);
    formats.stream().map(format -> FileFormat.valueOf(format.name())).forEach(ofMaps::add);
    if (!maps) {
      ofMaps.remove(FileFormat.NPY);
    }
    return new FileChoice(stem, ofMaps, colors, alpha, List.of());
  }

  private List<String> writeMap(Staging staging, Explanation explanation, CamMap map, String stem) {
    List<String> files = new ArrayList<>();
    ExplanationFiles.writeMap(
        explanation,
        map,
        choice(stem),
        file -> {
          staging.add(file.name(), file.bytes());
          files.add(file.name());
        });
    String name = ExplanationFiles.name(stem, explanation, map);
    map.arrays().ifPresent(arrays -> files.addAll(writeArrays(staging, map, arrays, stem, name)));
    return files;
  }

  /** The layer's output, one file for all classes, and the gradient of the class's score there. */
  private static List<String> writeArrays(
      Staging staging, CamMap map, CamMap.Arrays arrays, String stem, String own) {
    List<String> files = new ArrayList<>();
    long[] shape = {arrays.channels(), arrays.height(), arrays.width()};
    float[] activation = arrays.activation();
    if (activation != null) {
      String name = "%s_%s%s".formatted(stem, map.layer(), EarlierRecord.OF_ALL_CLASSES);
      if (!staging.names().contains(name)) {
        staging.add(name, part -> Npy.write(part, activation, shape));
      }
      files.add(name);
    }
    float[] gradient = arrays.gradient();
    if (gradient != null) {
      String name = own + "_gradient.npy";
      staging.add(name, part -> Npy.write(part, gradient, shape));
      files.add(name);
    }
    return files;
  }
}
