package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** Explains one source after the other; one that cannot be used does not stop the rest. */
final class ExplainRun {
  private final Explainer explainer;
  private final List<Target> targets;
  private final Output output;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;

  ExplainRun(
      Explainer explainer,
      List<Target> targets,
      Output output,
      CommandLine commandLine,
      boolean debug) {
    this.explainer = explainer;
    this.targets = targets;
    this.output = output;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /** Explains them all; returns the exit code. */
  int run(List<? extends Source> sources) {
    int failed = 0;
    for (Source source : sources) {
      try {
        Explanation explanation = source.explain(explainer, targets);
        List<Path> files = output.write(explanation, source.stem());
        Summary.print(out, explanation, files, source);
        out.flush();
      } catch (CamjarException e) {
        failed++;
        Failures.report(e, err, debug);
      }
    }
    if (failed > 0 && sources.size() > 1) {
      err.printf("camjar: %d of %d pictures could not be explained%n", failed, sources.size());
    }
    return failed == 0 ? ExitCode.DONE : ExitCode.UNUSABLE;
  }
}
