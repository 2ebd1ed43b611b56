package io.camjar.gradcam.cli;

import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.errors.UsageErrors;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The command line as a function: arguments in, text on two streams and an exit code out. */
public final class Cli {
  private Cli() {}

  /**
   * Runs one command.
   *
   * @param out where results go
   * @param err where messages go
   * @return 0 done, 1 failed, 2 wrong usage, 3 a file could not be used
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    RootCommand root = new RootCommand();
    CommandLine commandLine =
        RootCommand.commandLine(root, args)
            .setOut(out)
            .setErr(err)
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(new UsageErrors())
            .setExecutionExceptionHandler(
                (exception, command, parsed) -> Failures.report(exception, err, root.debug()));
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError | LinkageError e) {
      return Failures.report(e, err, root.debug());
    }
  }
}
