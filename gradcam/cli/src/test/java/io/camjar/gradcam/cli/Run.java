package io.camjar.gradcam.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line inside the test's own JVM: what it printed and how it ended. */
public record Run(int exitCode, String out, String err) {
  public static Run of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Cli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Run(exitCode, out.toString(), err.toString());
  }
}
