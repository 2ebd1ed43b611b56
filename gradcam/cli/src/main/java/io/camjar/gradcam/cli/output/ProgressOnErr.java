package io.camjar.gradcam.cli.output;

import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.method.Progress;
import java.io.PrintWriter;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on stderr how far a long computation is, how fast it goes and when it will be done: a bar
 * on a terminal, elsewhere a line now and then and none for what is quick.
 */
public final class ProgressOnErr implements Progress {
  /** Lines come after two seconds, then ever more seldom, until they are half a minute apart. */
  private static final long FIRST_LINE_NANOS = 2_000_000_000L;

  private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;
  private static final int PAUSES = 10;

  /** Fits the narrowest usual terminal: a bar that wraps cannot be drawn over. */
  private static final int WIDTH = 79;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private Pace pace = new Pace();
  private @Nullable ProgressBar bar;
  private long start;
  private long lastLine;
  private String drawn = "";
  private String task = "";
  private String note = "";
  private long done;
  private long total;

  public ProgressOnErr(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** For this process: a bar if it runs on a terminal. */
  public static ProgressOnErr of(PrintWriter err) {
    return new ProgressOnErr(err, System.console() != null, System::nanoTime);
  }

  @Override
  public void at(String name, long steps, long ofSteps) {
    // An early end closes the bar from another thread.
    EarlyEnd.whole(() -> show(name, steps, ofSteps));
  }

  private void show(String name, long steps, long ofSteps) {
    long now = nanoTime.getAsLong();
    if (steps == 0 || !name.equals(task)) {
      // Steps that were done before, in another run say, do not count for the rate.
      pace = new Pace();
      start = now;
      lastLine = now;
    }
    task = name;
    done = steps;
    total = ofSteps;
    pace.at(done, now);
    if (terminal) {
      drawBar();
    } else {
      printLine(now);
    }
  }

  /** For what happens within one step: does not show, but what shows is kept fresh. */
  public Progress within() {
    return (name, steps, ofSteps) -> at(task, done, total);
  }

  /** Shows a few words more from now on; none if empty. */
  public void note(String words) {
    note = words;
  }

  private void drawBar() {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new DelegatingProgressBarConsumer(this::overwrite, WIDTH))
              .hideEta()
              .build();
    }
    bar.stepTo(done);
    bar.setExtraMessage(details());
    if (done >= total) {
      close();
    }
  }

  /** Draws the bar for the last time, if there is one. */
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      err.println();
      err.flush();
    }
  }

  private synchronized void overwrite(String line) {
    drawn = line;
    err.print("\r" + line);
    err.flush();
  }

  /** Prints something else on the terminal, above the bar if there is one. */
  public synchronized void above(Runnable print) {
    if (bar != null) {
      err.print("\r" + " ".repeat(drawn.length()) + "\r");
      err.flush();
    }
    print.run();
    if (bar != null) {
      overwrite(drawn);
    }
  }

  private void printLine(long now) {
    long pause = Math.max(FIRST_LINE_NANOS, Math.min(LONGEST_PAUSE_NANOS, (now - start) / PAUSES));
    if (now - lastLine >= pause) {
      lastLine = now;
      String details = details();
      err.printf(
          "camjar: %s, %d of %d%s%n", task, done, total, details.isEmpty() ? "" : ", " + details);
      err.flush();
    }
  }

  private String details() {
    String speed = pace.describe(total);
    return note + (note.isEmpty() || speed.isEmpty() ? "" : ", ") + speed;
  }
}
