package io.camjar.gradcam.cli.errors;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.NativeCache;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;

/** Turns what went wrong into one sentence on stderr and an exit code. */
public final class Failures {
  private Failures() {}

  /** Reports a failure; the stack trace only with {@code --debug}. */
  public static int report(Throwable failure, PrintWriter err, boolean debug) {
    err.println("camjar: " + sentence(failure));
    if (debug) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode(failure);
  }

  /** What the program ends with after it. */
  public static int exitCode(Throwable thrown) {
    Throwable failure = meant(thrown);
    if (failure instanceof UnsupportedRequest) {
      return ExitCode.FAILED;
    }
    boolean unusable = failure instanceof CamjarException || failure instanceof FileSystemException;
    return unusable ? ExitCode.UNUSABLE : ExitCode.FAILED;
  }

  /** What went wrong, in one sentence. */
  public static String sentence(Throwable thrown) {
    Throwable failure = meant(thrown);
    if (failure instanceof CamjarException) {
      return failure.getMessage();
    }
    if (failure instanceof FileSystemException file) {
      return FileProblems.describe(file);
    }
    if (failure instanceof OutOfMemoryError) {
      return "not enough memory ("
          + failure.getMessage()
          + "); give Java more with CAMJAR_JAVA_OPTS=-Xmx8g, or use a smaller --size";
    }
    if (failure instanceof LinkageError) {
      return NativeCache.sentence(rootOf(failure));
    }
    return "unexpected error: " + failure + "; --debug shows where";
  }

  /** A class that could not be loaded for what a user can mend is that. */
  private static Throwable meant(Throwable failure) {
    if (failure instanceof LinkageError && rootOf(failure) instanceof CamjarException mended) {
      return mended;
    }
    return failure;
  }

  private static Throwable rootOf(Throwable failure) {
    return HeadStart.failure().orElseGet(() -> NativeCache.rootOf(failure));
  }
}
