package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.method.Progress;
import io.camjar.gradcam.results.ImageResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explains one source at a time and writes its files.
 *
 * @param explainers one a method, alike in everything else; the first tells of the network
 * @param targets the classes to explain
 * @param expected the class that was expected of every source; null for none
 */
record ExplainRun(
    List<Explainer> explainers,
    List<Target> targets,
    @Nullable ClassLabel expected,
    Output output) {
  /** What became of a source: an explanation a method. */
  record Done(Source source, List<Explanation> explanations, Output.Written written) {
    /** Tells the user. */
    void print(PrintWriter out) {
      ExplanationSummary.print(out, explanations, written.files(), source);
      out.flush();
    }

    /** Sums it up, given how long it took; the maps are those of all methods. */
    ImageResult result(double ms) {
      return ResultRows.of(explanations, source.stem(), written, source.actual(), ms);
    }
  }

  /** The same, telling how far it is. */
  ExplainRun reporting(Progress progress) {
    return new ExplainRun(
        explainers.stream().map(one -> one.withProgress(progress)).toList(),
        targets,
        expected,
        output);
  }

  /**
   * Explains a source.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used or its results not be written
   */
  Done run(Source source) {
    Source read = read(source);
    try (Output.Staged staged = stage(read, explain(read))) {
      return done(read, staged);
    }
  }

  /**
   * The first part of {@link #run}: reads a source whose results would not replace others.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used
   */
  Source read(Source source) {
    for (Explainer explainer : explainers) {
      output.check(source.image(), stem(source, explainer), explainer);
    }
    return source.read();
  }

  /** The second part: an explanation a method. */
  List<Explanation> explain(Source source) {
    List<Explanation> explanations = new ArrayList<>();
    for (Explainer explainer : explainers) {
      Explanation made = source.explain(explainer, targets);
      explanations.add(expected == null ? made : made.withExpected(expected));
    }
    return explanations;
  }

  /**
   * The third part: writes the files under hidden names.
   *
   * @throws io.camjar.engine.CamjarException if they cannot be written
   */
  Output.Staged stage(Source source, List<Explanation> explanations) {
    return explanations.size() == 1
        ? output.stage(explanations.get(0), source.stem())
        : output.stageMethods(explanations, source.stem());
  }

  /** The last part: gives the files their names. */
  Done done(Source source, Output.Staged staged) {
    return new Done(source, staged.explanations(), staged.commit());
  }

  private String stem(Source source, Explainer explainer) {
    return explainers.size() == 1
        ? source.stem()
        : Output.stem(source.stem(), explainer.options().method().name());
  }
}
