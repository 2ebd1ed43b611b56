package io.camjar.gradcam.cli.output;

import io.camjar.gradcam.provenance.Program;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the jar, and the Java it runs on. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      name(),
      "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"
    };
  }

  /** The program and its version. */
  public static String name() {
    return "camjar " + Program.version();
  }
}
