package io.camjar.engine.gpu.device;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.lwjgl.system.Configuration;

/** Keeps LWJGL from writing advice to stderr when a library is missing: camjar says that itself. */
public final class Quiet {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private Quiet() {}

  /** Before the first class of LWJGL that loads a library; LWJGL's debug mode goes on as it was. */
  public static void begin() {
    if (!Configuration.DEBUG.get(false)) {
      Configuration.DEBUG_STREAM.set(NOWHERE);
    }
  }
}
