package io.camjar.gradcam.cli.options;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --memory}: whether speed may cost memory. */
public final class MemoryOption {
  private static final String PROPERTY = "camjar.memory";
  private static final List<String> KNOWN = List.of("low", "fast");

  @Option(
      names = "--memory",
      paramLabel = "low|fast",
      defaultValue = "fast",
      description =
          "Whether convolutions may hold transformed weights, up to four times as large as the"
              + " network's, to be faster (default: ${DEFAULT-VALUE}); low: only small ones.")
  private String memory = "fast";

  /** What was asked for is known. */
  public void check(CommandSpec spec) {
    Arguments.require(
        spec, KNOWN.contains(memory), "--memory is '%s'; give low or fast".formatted(memory));
  }

  /** Sets it for the process, if it is not what the kernels do by themselves. */
  public void apply() {
    if (memory.equals("low")) {
      System.setProperty(PROPERTY, memory);
    }
  }
}
