package io.camjar.gradcam.cli.train;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.flow.page.LivePage;
import io.camjar.gradcam.train.EpochReport;
import io.camjar.gradcam.train.TrainingListener;
import io.camjar.gradcam.train.log.TrainingLog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What a training shows: a bar on stderr, a line an epoch on stdout; Ctrl-C lets it save. */
final class EpochLines implements TrainingListener, AutoCloseable {
  /** How long an end waits for the state to be saved. */
  private static final long PATIENCE_SECONDS = 120;

  private final PrintWriter out;
  private final PrintWriter err;
  private final int epochs;
  private final boolean json;
  private final ProgressOnErr progress;
  private final EpochMaps maps;
  private final CountDownLatch over = new CountDownLatch(1);
  private final EarlyEnd.Task atEnd;
  private @Nullable Supplier<TrainingLog> makesLog;
  private @Nullable TrainingLog log;
  private @Nullable LivePage page;
  private volatile boolean stops;

  EpochLines(
      CommandLine commandLine, int epochs, boolean json, Path file, List<Path> images, Path logs) {
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.epochs = epochs;
    this.json = json;
    this.progress = ProgressOnErr.of(err);
    this.maps = new EpochMaps(file, images, logs);
    this.atEnd = EarlyEnd.register(this::end);
  }

  /** Where epochs are written down; made when the first one is over. */
  void logTo(Supplier<TrainingLog> made) {
    makesLog = made;
  }

  /** Whether no epoch has been over yet. */
  boolean isEmpty() {
    return log == null;
  }

  /** What shows watched updates. */
  void showOn(LivePage live) {
    page = live;
  }

  private void end() {
    stops = true;
    try {
      if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println("camjar: the state could not be saved in time; --resume begins at the epoch");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean stops() {
    return stops;
  }

  @Override
  public void batch(int epoch, int done, int total, double loss, double accuracy) {
    if (stops) {
      return; // the gate that the bar passes is shut
    }
    progress.note(String.format(Locale.ROOT, "loss %.3f, accuracy %.1f %%", loss, 100 * accuracy));
    progress.at("epoch %d of %d".formatted(epoch, epochs), done, total);
  }

  @Override
  public void flow(int epoch, int batch, long update, double loss, FlowReport report) {
    if (page != null) {
      page.add(update, "epoch %d, batch %d".formatted(epoch, batch), loss, report);
    }
  }

  @Override
  public void epoch(EpochReport report, Network network) {
    if (!stops) {
      progress.close();
    }
    out.println(
        json
            ? TrainingLog.json(report)
            : String.format(
                Locale.ROOT,
                "epoch %d/%d  train loss %.4f  val loss %.4f  accuracy %.2f %%  %.1f images/s",
                report.epoch(),
                epochs,
                report.trainLoss(),
                report.valLoss(),
                100 * report.accuracy(),
                report.imagesPerSecond()));
    out.flush();
    if (log == null && makesLog != null) {
      log = makesLog.get();
    }
    if (log != null) {
      log.add(report);
    }
    maps.add(report);
  }

  @Override
  public void close() {
    over.countDown();
    if (!stops) {
      atEnd.close();
    }
  }
}
