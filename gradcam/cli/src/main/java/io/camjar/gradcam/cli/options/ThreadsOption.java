package io.camjar.gradcam.cli.options;

import io.camjar.engine.threads.ThreadCount;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** On how many threads a command computes. */
public final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads for the arithmetic of one pass (default: one a processor). They change no bit of"
              + " what camjar's own kernels compute.")
  private @Nullable Integer threads;

  /** Refuses none, and more than there can be. */
  public void check(CommandSpec spec) {
    Arguments.require(
        spec,
        threads == null || (threads >= 1 && threads <= Threads.MOST),
        "--threads is %d, but must be from 1 to %d".formatted(threads, Threads.MOST));
  }

  /** Sets them for the process, ND4J's too, if the option was given. */
  public void apply() {
    if (threads != null) {
      ThreadCount.set(threads);
    }
  }
}
