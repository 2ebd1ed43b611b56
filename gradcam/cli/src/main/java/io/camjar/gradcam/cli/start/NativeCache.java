package io.camjar.gradcam.cli.start;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** The folder that JavaCPP, below ND4J, unpacks native libraries to. */
public final class NativeCache {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final String MOVED = "CAMJAR_JAVA_OPTS=-D%s=FOLDER".formatted(PROPERTY);
  private static final String LIBRARIES = "nd4j-native-";

  private NativeCache() {}

  /** What a user should know before so much is written, once: where to, and how to move it. */
  public static Optional<String> announcement() {
    try {
      File folder = Loader.getCacheDir();
      String[] there = folder.list((parent, name) -> name.startsWith(LIBRARIES));
      return there != null && there.length > 0
          ? Optional.empty()
          : Optional.of(
              "camjar: ND4J's native libraries, 397 MB, are unpacked to %s, once; %s moves them"
                  .formatted(folder, MOVED));
    } catch (IOException e) {
      // There is no such folder: loading the libraries fails for that reason and says so.
      return Optional.empty();
    }
  }

  /** Why ND4J does not start, in one sentence. */
  public static String sentence(Throwable root) {
    String cause = root.getMessage() == null ? root.toString() : root.getMessage();
    if (root instanceof IOException) {
      return ("ND4J's native libraries cannot be unpacked (%s); JavaCPP tried the home folder %s and"
              + " the temporary folder %s; name one that can be written to: %s")
          .formatted(
              cause.replaceFirst(": Set the .*", ""),
              System.getProperty("user.home"),
              System.getProperty("java.io.tmpdir"),
              MOVED);
    }
    return "ND4J's native library does not load on this machine (%s); --debug shows where"
        .formatted(root);
  }

  /** The first cause of a failure. */
  public static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
