package io.camjar.gradcam.cli;

import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.gradcam.cli.start.OldGeneration;
import io.camjar.gradcam.cli.start.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** The program that the launcher starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    begin(args);
    StandardOutput results =
        new StandardOutput(new FileOutputStream(FileDescriptor.out), Path.of("/proc/self/fd/1"));
    PrintWriter out = writer(results);
    PrintWriter err = writer(new FileOutputStream(FileDescriptor.err));
    int done = Cli.run(out, err, args);
    out.flush();
    int exitCode = results.exitCode(done, err);
    err.flush();
    KernelPlan.settle();
    HeadStart.await(); // Libraries must not be unloaded while they are being loaded.
    System.exit(exitCode);
  }

  /** What comes before a command with these arguments is run. */
  static void begin(String... args) {
    quiet();
    KernelPlan.begin(args);
    HeadStart.begin(args);
    OldGeneration.watch();
  }

  /** ND4J tells of its backend at level info; only what a user must know may reach stderr. */
  private static void quiet() {
    setUnlessGiven("org.nd4j.log.initialization", "false");
    setUnlessGiven("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    setUnlessGiven("org.slf4j.simpleLogger.showThreadName", "false");
    setUnlessGiven("java.awt.headless", "true");
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(stream, true, terminalCharset());
  }

  /** The terminal's encoding, which Java 17 keeps in a property of its own. */
  private static Charset terminalCharset() {
    String name = System.getProperty("native.encoding");
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }
}
