package io.camjar.gradcam.cli.start;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers whether results were lost, of which a writer says nothing. */
public final class StandardOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  /** Results go to {@code out}. */
  public StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /**
   * The exit code of a command whose results went here: 1 in place of 0 where some were lost. A
   * reader who has gone, as {@code head} does, had what it wanted.
   *
   * @param exitCode that of the command
   * @param err is told of it
   */
  public synchronized int exitCode(int exitCode, PrintWriter err) {
    if (failure == null || isPipe(failure)) {
      return exitCode;
    }
    err.println("camjar: results could not be written to standard output: " + why(failure));
    return exitCode == 0 ? 1 : exitCode;
  }

  private static boolean isPipe(IOException failure) {
    return why(failure).toLowerCase(Locale.ROOT).contains("pipe");
  }

  private static String why(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
