package io.camjar.gradcam.cli;

import io.camjar.gradcam.provenance.Program;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the jar, and the Java it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      name(),
      "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"
    };
  }

  /** The program and its version. */
  static String name() {
    return "camjar " + Program.version();
  }
}
