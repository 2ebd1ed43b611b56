package io.camjar.gradcam.cli.compare;

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
import io.camjar.gradcam.dataset.Change;
import io.camjar.gradcam.dataset.ClassMatch;
import io.camjar.gradcam.dataset.Comparison;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.math.Finite;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Explains every image with both networks. */
final class CompareRun {
  private final Explainer first;
  private final Explainer second;
  private final ClassMatch match;
  private final MapSearch search;
  private final ImageFiles files;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final List<Change> changes = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  CompareRun(
      Explainer first,
      Explainer second,
      MapSearch search,
      ImageFiles files,
      CommandLine commandLine,
      boolean debug) {
    this.first = first;
    this.second = second;
    this.match = ClassMatch.of(first.labels(), second.labels());
    this.search = search;
    this.files = files;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /**
   * Does it; returns the exit code.
   *
   * @param top how many images of each list are shown
   * @param results where files go
   */
  int run(int top, ResultFiles results) {
    search.say(err);
    explain();
    CompareResults tables =
        new CompareResults(first, second, search, new Comparison(changes), failed, top);
    tables.print(out);
    out.flush();
    if (!changes.isEmpty()) {
      Look look = Look.of(List.of(first.options().method()), null, null);
      results.write(
          staging ->
              tables.add(staging, new Overlays(files, look.colors(), look.alpha()), look.colors()));
    }
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private void explain() {
    ProgressOnErr progress = ProgressOnErr.of(err);
    int total = search.images().size();
    progress.at("compared", 0, total);
    for (int i = 0; i < total; i++) {
      Found found = search.images().get(i);
      try {
        changes.add(change(found));
      } catch (CamjarException e) {
        failed.add(search.name(found.file().toString()));
        Failures.report(e, err, debug);
      }
      progress.at("compared", i + 1, total);
    }
  }

  private Change change(Found found) {
    String name = found.file().toString();
    DecodedImage image = files.read(found.file());
    Explanation before = finite(first.explain(name, image, List.of()), first);
    return Change.of(
        before,
        target -> finite(second.explain(name, image, List.of(target)), second),
        match,
        found.actual());
  }

  private static Explanation finite(Explanation explanation, Explainer by) {
    if (!Finite.all(explanation.logits())) {
      throw new CamjarException(
          "%s has no answer of %s: the network's outputs are NaN or infinite, through its weights or on the way"
              .formatted(explanation.image(), by.model().source()));
    }
    return explanation;
  }
}
