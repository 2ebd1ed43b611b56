package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.results.PictureResult;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explains one source at a time and writes its files.
 *
 * @param targets the classes to explain
 * @param expected the class that was expected of every source; null for none
 */
record ExplainRun(
    Explainer explainer, List<Target> targets, @Nullable ClassLabel expected, Output output) {
  /** What became of a source. */
  record Done(Source source, Explanation explanation, Output.Written written) {
    /** Tells the user. */
    void print(PrintWriter out) {
      Summary.print(out, explanation, written.files(), source);
      out.flush();
    }

    /** Sums it up, given how long it took. */
    PictureResult result(double ms) {
      return ResultRows.of(explanation, source.stem(), written, source.actual(), ms);
    }
  }

  /**
   * Explains a source.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used or its results not be written
   */
  Done run(Source source) {
    output.check(source, explainer);
    Explanation made = source.explain(explainer, targets);
    Explanation explanation = expected == null ? made : made.withExpected(expected);
    return new Done(source, explanation, output.write(explanation, source.stem()));
  }
}
