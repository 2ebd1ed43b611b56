package io.camjar.gradcam.cli.start;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A second JVM, with the flags that a JVM for long work must be started with: the module of the
 * Vector API cannot be added to one that runs.
 *
 * <p>It shares this process's streams, ends when it ends, and its exit code becomes this process's.
 */
final class OtherJvm {
  /** Holds the flags; set by the launcher where it started a JVM without them. */
  static final String FLAGS = "CAMJAR_WORK_FLAGS";

  /** Holds the process that waits for this one. */
  private static final String WAITING = "CAMJAR_WAITING";

  private static final String MODULE = "jdk.incubator.vector";
  private static final long SECONDS_TO_END = 30;

  /** 128 and the number of SIGTERM. */
  private static final int TERMINATED = 143;

  private OtherJvm() {}

  /** Whether long work would be done faster elsewhere. */
  static boolean isNeeded() {
    String flags = System.getenv(FLAGS);
    return flags != null
        && flags.contains(MODULE)
        && ModuleLayer.boot().findModule(MODULE).isEmpty();
  }

  /** Runs the same command there and returns its exit code. */
  static int run(List<String> arguments) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command(System.getenv(FLAGS), arguments)).inheritIO();
      builder.environment().remove(FLAGS);
      builder.environment().put(WAITING, Long.toString(ProcessHandle.current().pid()));
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "camjar-end-other"));
      return process.waitFor();
    } catch (IOException e) {
      throw new CamjarException("a second Java could not be started (" + e.getMessage() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CamjarException("interrupted while a second Java worked", e);
    }
  }

  static List<String> command(String flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags.strip().split("\\s+")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.camjar.gradcam.cli.Main");
    command.addAll(arguments);
    return command;
  }

  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends this process with the one that waits for it, which may be killed without a word. */
  static void endWithWaiting() {
    String waiting = System.getenv(WAITING);
    if (waiting != null) {
      ProcessHandle.of(Long.parseLong(waiting))
          .ifPresent(
              process -> process.onExit().thenRun(() -> Runtime.getRuntime().exit(TERMINATED)));
    }
  }
}
