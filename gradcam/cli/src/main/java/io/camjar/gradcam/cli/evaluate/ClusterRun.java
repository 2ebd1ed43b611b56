package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.MapSearch;
import io.camjar.gradcam.cli.images.MapSearch.Found;
import io.camjar.gradcam.cli.images.Overlays;
import io.camjar.gradcam.cli.options.Look;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.dataset.ClassMaps;
import io.camjar.gradcam.dataset.ImageMap;
import io.camjar.gradcam.math.Finite;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Groups the images of each top-1 class by where the network looks. */
final class ClusterRun {
  private final Explainer explainer;
  private final @Nullable Integer count;
  private final MapSearch search;
  private final ImageFiles files;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final List<ImageMap> maps = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  /**
   * A run over these images.
   *
   * @param explainer with the method and the layer of the maps
   * @param count how many clusters a class; null to choose
   * @param files reads images
   */
  ClusterRun(
      Explainer explainer,
      @Nullable Integer count,
      MapSearch search,
      ImageFiles files,
      CommandLine commandLine,
      boolean debug) {
    this.explainer = explainer;
    this.count = count;
    this.search = search;
    this.files = files;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /**
   * Does it; returns the exit code.
   *
   * @param results where files go
   */
  int run(ResultFiles results) {
    search.say(err);
    explain();
    List<ClassMaps> classes = ClassMaps.of(maps, count);
    Look look = Look.of(List.of(explainer.options().method()), null, null);
    ClusterResults tables = new ClusterResults(explainer, search, classes, failed);
    tables.print(out);
    out.flush();
    if (!maps.isEmpty()) {
      results.write(
          staging ->
              tables.add(staging, new Overlays(files, look.colors(), look.alpha()), look.colors()));
    }
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private void explain() {
    ProgressOnErr progress = ProgressOnErr.of(err);
    int total = search.images().size();
    progress.at("maps", 0, total);
    for (int i = 0; i < total; i++) {
      Found found = search.images().get(i);
      try {
        add(found);
      } catch (CamjarException e) {
        failed.add(search.name(found.file().toString()));
        Failures.report(e, err, debug);
      }
      progress.at("maps", i + 1, total);
    }
  }

  private void add(Found found) {
    String name = found.file().toString();
    Explanation explanation = explainer.explain(name, files.read(found.file()), List.of());
    if (!Finite.all(explanation.logits())) {
      throw new CamjarException(
          name
              + " has no answer: the network's outputs are NaN or infinite, through its weights or on"
              + " the way");
    }
    maps.add(ImageMap.of(explanation, found.actual()));
  }
}
