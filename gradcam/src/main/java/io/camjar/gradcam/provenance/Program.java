package io.camjar.gradcam.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The program that makes records. */
public final class Program {
  private static final String BUILD = "/io/camjar/gradcam/build.properties";

  private Program() {}

  /** The version that Maven wrote into the jar. */
  public static String version() {
    Properties build = new Properties();
    try (InputStream in = Program.class.getResourceAsStream(BUILD)) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "(unpackaged)");
  }
}
