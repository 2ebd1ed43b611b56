package io.camjar.gradcam.cli.options;

import io.camjar.engine.threads.ThreadCount;
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

  /** Refuses a number below 1. */
  public void check(CommandSpec spec) {
    Arguments.require(
        spec,
        threads == null || threads >= 1,
        "--threads is " + threads + ", but must be 1 or more");
  }

  /** Sets them for the process, ND4J's too, if the option was given. */
  public void apply() {
    if (threads != null) {
      ThreadCount.set(threads);
    }
  }
}
