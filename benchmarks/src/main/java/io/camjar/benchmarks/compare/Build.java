package io.camjar.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A build of camjar that is compared with this one: its own engine, on its own class path.
 *
 * @param name {@code camjar-} and its commit, or its folder's name outside a repository
 * @param benchmarksJar whose manifest names the jars in its folder {@code lib}
 * @param launcher that starts the command line; in a folder of jars there is none
 */
record Build(String name, Path benchmarksJar, Path launcher) {
  private static final String JAR = "benchmarks.jar";

  /**
   * The build in a folder.
   *
   * @param folder a checkout that has been built, or a folder with {@code benchmarks.jar} and
   *     {@code lib}
   * @throws IllegalArgumentException if it is neither
   */
  static Build in(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path jar = absolute.resolve("benchmarks/target").resolve(JAR);
    if (!Files.isRegularFile(jar)) {
      jar = absolute.resolve(JAR);
    }
    if (!Files.isRegularFile(jar) || !Files.isDirectory(jar.resolveSibling("lib"))) {
      throw new IllegalArgumentException(
          ("%s has no built benchmarks: neither benchmarks/target/%s nor %s, with the folder lib in"
                  + " its folder; './mvnw -Pquick -DskipTests package' in a checkout makes them")
              .formatted(folder, JAR, JAR));
    }
    return new Build("camjar-" + nameOf(absolute), jar, absolute.resolve("camjar"));
  }

  /** Whether its cold start can be timed. */
  boolean hasLauncher() {
    return Files.isExecutable(launcher);
  }

  private static String nameOf(Path folder) {
    String commit = Files.exists(folder.resolve(".git")) ? commit(folder) : "";
    return commit.isEmpty() ? String.valueOf(folder.getFileName()) : commit;
  }

  /** Empty without git: the folder's name will do. */
  private static String commit(Path folder) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", folder.toString(), "rev-parse", "--short", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
