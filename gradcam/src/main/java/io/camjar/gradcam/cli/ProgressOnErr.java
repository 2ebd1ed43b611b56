package io.camjar.gradcam.cli;

import io.camjar.gradcam.method.Progress;
import java.io.PrintWriter;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on stderr how far a long computation is: a bar on a terminal, elsewhere a line now and then
 * and none for what is quick.
 */
final class ProgressOnErr implements Progress {
  private static final long LINE_NANOS = 2_000_000_000L;
  private static final int WIDTH = 100;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private @Nullable ProgressBar bar;
  private long lastLine;

  ProgressOnErr(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** For this process: a bar if it runs on a terminal. */
  static ProgressOnErr of(PrintWriter err) {
    return new ProgressOnErr(err, System.console() != null, System::nanoTime);
  }

  @Override
  public void at(String task, long done, long total) {
    if (terminal) {
      drawBar(task, done, total);
    } else {
      printLine(task, done, total);
    }
  }

  private void drawBar(String task, long done, long total) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new DelegatingProgressBarConsumer(this::overwrite, WIDTH))
              .showSpeed()
              .build();
    }
    bar.stepTo(done);
    if (done >= total) {
      bar.close();
      bar = null;
      err.println();
      err.flush();
    }
  }

  private void overwrite(String line) {
    err.print("\r" + line);
    err.flush();
  }

  private void printLine(String task, long done, long total) {
    long now = nanoTime.getAsLong();
    if (done == 0) {
      lastLine = now;
    } else if (now - lastLine >= LINE_NANOS) {
      lastLine = now;
      err.printf("camjar: %s, %d of %d%n", task, done, total);
      err.flush();
    }
  }
}
