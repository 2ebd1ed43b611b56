package io.camjar.gradcam.cli.train;

import io.camjar.engine.kernel.Heap;
import io.camjar.engine.model.Network;
import io.camjar.engine.statistics.Measure;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.DeviceOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.options.ThreadsOption;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.Version;
import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.Work;
import io.camjar.gradcam.flow.Thresholds;
import io.camjar.gradcam.flow.TrainingFlow;
import io.camjar.gradcam.flow.page.FlowData;
import io.camjar.gradcam.flow.page.FlowPage;
import io.camjar.gradcam.flow.page.LivePage;
import io.camjar.gradcam.train.EpochReport;
import io.camjar.gradcam.train.TrainingRun;
import io.camjar.gradcam.train.TrainingSettings;
import io.camjar.gradcam.train.data.Dataset;
import io.camjar.gradcam.train.log.TrainingLog;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camjar train}: a network from folders of images. */
@Command(
    name = "train",
    description = "Train a network on folders of images, from scratch or from a weights file.")
public final class TrainCommand implements Callable<Integer> {
  /** What a process ends with that Ctrl-C has stopped. */
  private static final int INTERRUPTED = 130;

  private static final int LISTED = 20;

  @Spec private CommandSpec spec;
  @Mixin HelpOption help;
  @Mixin private NetworkOptions networks;
  @Mixin private RecipeOptions recipe;

  @Parameters(
      paramLabel = "DIR",
      description =
          "Images as DIR/train/CLASS/... and DIR/val/CLASS/...; train.tar and val.tar, or one tar"
              + " of both, will do. DIR/labels.txt may name classes: folder, tab, name.")
  private Path folder;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "The network to write, .safetensors; its state for --resume goes next to it, its log into"
              + " FILE-log.")
  private Path out;

  @Option(
      names = "--resume",
      description =
          "Go on where an earlier run with the same options ended or was stopped; the result has"
              + " the same bits as without the stop.")
  private boolean resume;

  @Option(names = "--json", description = "An epoch is one line of JSON on stdout.")
  private boolean json;

  @Option(
      names = "--log",
      paramLabel = "DIR",
      description = "Where log.csv, log.jsonl and TensorBoard's file go (default: OUT-log).")
  private @Nullable Path log;

  @Option(
      names = "--explain",
      paramLabel = "IMAGE",
      description =
          "Show how the map of this image changes from epoch to epoch: IMAGE_epochs.png and .gif in"
              + " the log's folder; repeatable.")
  private List<Path> explained = new ArrayList<>();

  @Option(
      names = "--live",
      paramLabel = "N",
      description =
          "Show every Nth update's gradient flow: gradflow.html in the log's folder, which a"
              + " browser may open while the run goes on.")
  private @Nullable Integer live;

  @Option(
      names = "--cache",
      paramLabel = "MB",
      description = "Memory for decoded images (default: a third of Java's).")
  private @Nullable Integer cache;

  @Mixin private ThreadsOption threads;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() {
    device.check(spec);
    networks.check(spec);
    recipe.check(spec);
    String name = String.valueOf(out.getFileName());
    Arguments.require(
        spec,
        name.toLowerCase(Locale.ROOT).endsWith(".safetensors"),
        "train writes safetensors; give --out a name that ends in .safetensors, not '%s'"
            .formatted(out));
    threads.check(spec);
    Arguments.require(spec, cache == null || cache >= 0, "--cache is not negative");
    Arguments.require(spec, live == null || live >= 1, "--live is 1 or more updates, not " + live);
    Staging.checkFile(out, "--out");
    Staging.check(logs(), "--log");
    EpochMaps.check(explained);
    boolean onCpu = device.select();
    PrintWriter err = spec.commandLine().getErr();
    Dataset data = Dataset.open(folder);
    err.printf(
        "camjar: %d images to learn from and %d to measure with, %d classes: %s%n",
        data.train().size(),
        data.val().size(),
        data.names().size(),
        String.join(", ", data.names().subList(0, Math.min(10, data.names().size()))));
    if (!data.unmeasured().isEmpty()) {
      err.printf(
          "camjar: no images in val to measure with: %s%n", String.join(", ", data.unmeasured()));
    }
    err.flush();
    KernelPlan.decide(onCpu ? Work.MUCH : 0);
    HeadStart.await();
    threads.apply();
    NetworkOptions.Start start = networks.start(data.names(), recipe, err);
    try (start) {
      return train(data, start, err);
    }
  }

  /** Where the log goes. */
  private Path logs() {
    return log != null
        ? log
        : out.resolveSibling(
            String.valueOf(out.getFileName()).replaceFirst("(?i)\\.safetensors$", "-log"));
  }

  private int train(Dataset data, NetworkOptions.Start start, PrintWriter err) {
    TrainingSettings settings = recipe.settings(start.network(), networks.fineTunes());
    Path logs = logs();
    long room = cache != null ? cache * 1_000_000L : Heap.largest() / 3;
    try (EpochLines lines =
        new EpochLines(spec.commandLine(), settings.epochs(), json, out, explained, logs)) {
      TrainingRun run =
          new TrainingRun(
              start.network(),
              start.origin(),
              data,
              settings,
              start.normalization(),
              out,
              room,
              lines);
      lines.logTo(() -> new TrainingLog(logs, before(run.reports())));
      TrainingRun.End end =
          live == null ? go(run) : goLive(run, start.network(), live, logs, lines);
      listUnusable(run.unusable(), err);
      if (end == TrainingRun.End.STOPPED) {
        err.printf("camjar: stopped; the same command with --resume goes on%n");
        err.flush();
        return INTERRUPTED;
      }
      if (lines.isEmpty()) {
        writeDown(run.reports(), logs);
        err.printf(
            "camjar: %s has all %d epochs already, log in %s%n", out, settings.epochs(), logs);
      } else {
        err.printf("camjar: wrote %s, log in %s%n", out, logs);
      }
      err.flush();
      return ExitCode.DONE;
    }
  }

  private TrainingRun.End go(TrainingRun run) {
    return resume ? run.resume() : run.run();
  }

  private TrainingRun.End goLive(
      TrainingRun run, Network network, int every, Path logs, EpochLines lines) {
    Measure measure = Measure.full();
    Thresholds thresholds = Thresholds.STANDARD;
    String title = "Training of " + network.architecture().name();
    String subtitle =
        "gradient flow of one update in %d, to be written to %s".formatted(every, out);
    LivePage page =
        new LivePage(
            logs,
            new FlowPage(title, subtitle, Version.name()),
            new FlowData(measure.nearZero(), thresholds));
    lines.showOn(page);
    try (TrainingFlow flow = new TrainingFlow(network, measure, thresholds, every)) {
      return go(run.watch(flow));
    } finally {
      page.end();
    }
  }

  /** The log of a run that had nothing left to do, unless it is there. */
  private static void writeDown(List<EpochReport> reports, Path logs) {
    if (!reports.isEmpty() && !Files.exists(logs.resolve("log.csv"))) {
      new TrainingLog(logs, before(reports)).add(reports.get(reports.size() - 1));
    }
  }

  /** All reports but the last, which is still to be written down. */
  private static List<EpochReport> before(List<EpochReport> reports) {
    return reports.subList(0, reports.size() - 1);
  }

  private static void listUnusable(Map<String, String> unusable, PrintWriter err) {
    if (!unusable.isEmpty()) {
      err.printf(
          "camjar: %d image%s could not be read and %s left out:%n",
          unusable.size(), unusable.size() == 1 ? "" : "s", unusable.size() == 1 ? "was" : "were");
      unusable.values().stream().limit(LISTED).forEach(why -> err.println("camjar:   " + why));
      if (unusable.size() > LISTED) {
        err.printf("camjar:   and %d more%n", unusable.size() - LISTED);
      }
    }
  }
}
