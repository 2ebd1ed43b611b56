package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.cli.output.Format;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.Totals;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Explains many sources, one after the other and {@linkplain Overlap overlapping}: shows how far it
 * is, goes on when one fails, and leaves only whole files when it is stopped.
 */
final class ManyRun {
  private static final String TASK = "images";

  /** Reasons that are kept to be told at the end; the tables have all. */
  private static final int REASONS = 20;

  private final ExplainRun each;
  private final List<? extends Source> sources;
  private final @Nullable RunResults results;
  private final ProgressOnErr progress;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final int topLosses;

  private final List<String> reasons = new ArrayList<>();
  private int exitCode = ExitCode.DONE;
  private int done;
  private int failed;

  /**
   * A run.
   *
   * @param results where results are kept; null for none
   * @param topLosses how many images the sheet of the worst shows
   */
  ManyRun(
      ExplainRun each,
      List<? extends Source> sources,
      @Nullable RunResults results,
      ProgressOnErr progress,
      PrintWriter out,
      PrintWriter err,
      boolean debug,
      int topLosses) {
    this.each = each.reporting(progress.within());
    this.sources = sources;
    this.results = results;
    this.progress = progress;
    this.out = out;
    this.err = err;
    this.debug = debug;
    this.topLosses = topLosses;
  }

  /** Explains them all; returns the exit code. */
  int run() {
    try (EarlyEnd.Task stop = EarlyEnd.register(this::stopped)) {
      done = results == null ? 0 : results.count();
      if (done > 0) {
        err.printf("camjar: %d of %d images are done already%n", done, sources.size());
      }
      progress.at(TASK, done, sources.size());
      int[] pending =
          IntStream.range(0, sources.size())
              .filter(i -> results == null || !results.has(i))
              .toArray();
      try (Overlap overlap = new Overlap(each, sources, this::finish)) {
        overlap.run(pending);
      }
      progress.close();
      List<Path> tables = results == null ? List.of() : summarise(results);
      listFailures();
      printTotals(tables);
    }
    return exitCode;
  }

  private void finish(Overlap.Outcome outcome) {
    Source source = outcome.source();
    RuntimeException failure = outcome.failure();
    ImageResult result = null;
    if (outcome.staged() != null) {
      try {
        ExplainRun.Done one = each.done(source, outcome.staged());
        result = one.result(outcome.ms());
        EarlyEnd.whole(() -> progress.above(() -> one.print(out)));
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      result =
          ImageResult.failed(
              source.image(),
              source.stem(),
              source.actual(),
              outcome.ms(),
              Failures.sentence(failure));
      fail(failure);
    }
    if (results != null && result != null) {
      results.add(outcome.index(), result);
    }
    done++;
    progress.at(TASK, done, sources.size());
  }

  private void fail(RuntimeException failure) {
    failed++;
    progress.note(failed + " failed");
    if (reasons.size() < REASONS) {
      reasons.add(Failures.sentence(failure));
    }
    if (exitCode != ExitCode.FAILED) {
      exitCode = Failures.exitCode(failure);
    }
    if (debug) {
      progress.above(() -> failure.printStackTrace(err));
    }
  }

  /** Writes the tables, and a sheet of the worst images if images are written at all. */
  private List<Path> summarise(RunResults kept) {
    List<Path> files = new ArrayList<>(kept.writeTables());
    Output output = each.output();
    boolean byLoss = kept.totals().labelled() > 0;
    WorstImages worst =
        WorstImages.of(
            kept.iterator(), topLosses, byLoss, each.explainers().get(0).labels().count() == 1);
    if (output.formats().contains(Format.PNG) && !worst.pictures().isEmpty()) {
      byte[] sheet = Png.encode(worst.sheet(output.folder(), output.colors()));
      try (Staging staging = new Staging(output.folder())) {
        staging.add(worst.fileName(), sheet);
        files.addAll(staging.commit());
      }
    }
    files.addAll(kept.writeIndex(subtitle()));
    return files;
  }

  /** What the index says of the network, in one line. */
  private String subtitle() {
    Explainer explainer = each.explainers().get(0);
    String methods =
        each.explainers().stream()
            .map(one -> one.options().describe())
            .collect(Collectors.joining("; "));
    return "%s from %s, %s, preset %s"
        .formatted(
            explainer.model().architecture(),
            explainer.model().source(),
            methods,
            explainer.preset());
  }

  private void listFailures() {
    if (failed > 0) {
      err.printf("camjar: %d of %d images could not be explained:%n", failed, sources.size());
      reasons.forEach(reason -> err.println("  " + reason));
      if (failed > reasons.size()) {
        err.printf(
            "  and %d more%s%n",
            failed - reasons.size(), results == null ? "" : ", see results.csv");
      }
      err.flush();
    }
  }

  private void printTotals(List<Path> tables) {
    if (results != null) {
      Totals totals = results.totals();
      out.printf("%d images%s%s%n", totals.pictures(), failures(totals), accuracy(totals));
      out.printf(
          "  wrote %s%n", tables.stream().map(Path::toString).collect(Collectors.joining(", ")));
      out.flush();
    }
  }

  private static String failures(Totals totals) {
    return totals.failed() == 0 ? "" : ", %d of them failed".formatted(totals.failed());
  }

  private static String accuracy(Totals totals) {
    Double share = totals.accuracy();
    return share == null
        ? ""
        : String.format(
            Locale.ROOT,
            "; %d of %d right (%.2f %%)",
            totals.right(),
            totals.labelled(),
            100 * share);
  }

  /** At an early end; whatever the run was doing stands still for good. */
  private void stopped() {
    progress.close();
    if (results != null) {
      results.writeTables();
    }
    listFailures();
    err.printf(
        "camjar: stopped after %d of %d images; %s%n",
        done,
        sources.size(),
        results == null
            ? "the results of those are complete"
            : "the same command with --resume does the rest");
    err.flush();
  }
}
