package io.camjar.gradcam.cli;

import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.errors.UsageErrors;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

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
            .registerConverter(Path.class, Cli::path)
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

  /** Of an empty name Java makes the current folder, which nobody means. */
  private static Path path(String name) {
    if (name.isBlank()) {
      throw new TypeConversionException("the name is empty");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
