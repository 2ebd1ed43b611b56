package io.camjar.engine.kernel;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps C1, HotSpot's quick compiler, away from the largest register tiles.
 *
 * <p>While C2's queue is long, HotSpot has C1 compile a method without a profile (tier 2), and only
 * later with one (tier 3), from which it goes on to C2. C1 of JDK 17 compiles the largest tiles at
 * tier 2, but runs "out of virtual registers" at tier 3. They then stay at tier 2 for good, where
 * every vector is an object: more than a gigabyte an image. Methods that C1 must not compile at all
 * go from the interpreter to C2. C1 of JDK 25 compiles them at both tiers.
 */
final class CompilerDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(CompilerDirectives.class);

  /** Tiles of 10 to 14 rows, and of one. */
  private static final String DIRECTIVES =
      "[{match: \"io/camjar/engine/kernel/simd/Tiles.any1*\", c1: {Exclude: true}}]";

  /** The option by which HotSpot never compiles at tier 2 what it can compile at tier 3. */
  private static final String OPTION = "-XX:Tier3DelayOn=1000000";

  private CompilerDirectives() {}

  /** Whether this JVM's C1 fails on the largest tiles. */
  static boolean areNeeded() {
    return Runtime.version().feature() < 25;
  }

  /** Hands the directives to this JVM where it needs them; where it does not take them, says so. */
  static void add() {
    if (!areNeeded()) {
      return;
    }
    try {
      // The JVM takes directives from files only; no other file is written by the engine.
      File file = File.createTempFile("camjar-compiler", ".json");
      try {
        try (OutputStream out = new FileOutputStream(file)) {
          out.write(DIRECTIVES.getBytes(StandardCharsets.UTF_8));
        }
        String answer = command("compilerDirectivesAdd", "\"" + file + "\"");
        if (!answer.contains("1 compiler directives added")) {
          warn(answer.strip());
        }
      } finally {
        if (!file.delete()) {
          file.deleteOnExit();
        }
      }
    } catch (IOException | JMException | RuntimeException | LinkageError e) {
      warn(e.toString());
    }
  }

  /** What {@code jcmd} would do and print. */
  static String command(String name, String... arguments) throws JMException {
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                arguments.length == 0 ? null : new Object[] {arguments},
                arguments.length == 0 ? null : new String[] {String[].class.getName()}));
  }

  private static void warn(String why) {
    LOG.warn("kernels may run many times slower, unless the java command has {}: {}", OPTION, why);
  }
}
