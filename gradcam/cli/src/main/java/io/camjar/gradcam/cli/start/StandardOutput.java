package io.camjar.gradcam.cli.start;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers whether results were lost, of which a writer says nothing. */
public final class StandardOutput extends FilterOutputStream {
  private final Path link;
  private @Nullable IOException failure;

  /**
   * Results go to {@code out}.
   *
   * @param link the link by whose target the system tells what that is, {@code pipe:[1]} say; where
   *     there is none, messages tell
   */
  public StandardOutput(OutputStream out, Path link) {
    super(out);
    this.link = link;
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

  /** By the message, or, where that is in another language, by what Linux calls the file. */
  private boolean isPipe(IOException failure) {
    if (why(failure).toLowerCase(Locale.ROOT).contains("pipe")) {
      return true;
    }
    try {
      String file = Files.readSymbolicLink(link).toString();
      return file.startsWith("pipe:") || file.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static String why(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
