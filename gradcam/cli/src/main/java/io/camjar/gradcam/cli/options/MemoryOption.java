package io.camjar.gradcam.cli.options;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --memory}: whether speed may cost memory. */
public final class MemoryOption {
  private static final String PROPERTY = "camjar.memory";
  private static final List<String> KNOWN = List.of("low", "fast");

  @Option(
      names = "--memory",
      paramLabel = "low|fast",
      description =
          "Whether convolutions may hold transformed weights, up to four times as large as the"
              + " network's, to be faster (default: fast, unless Java's heap has no room for them);"
              + " low: only small ones.")
  private @Nullable String memory;

  /** What was asked for is known. */
  public void check(CommandSpec spec) {
    Arguments.require(
        spec,
        memory == null || KNOWN.contains(memory),
        "--memory is '%s'; give low or fast".formatted(memory));
  }

  /** Sets it for the process, if it was asked for. */
  public void apply() {
    if (memory != null) {
      System.setProperty(PROPERTY, memory);
    }
  }
}
