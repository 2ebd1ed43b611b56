package io.camjar.gradcam.cli.start;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the old generation of the serial collector collected once garbage has grown in it. That
 * collector rather lets the heap grow to its limit, a quarter of the machine: photographs of twelve
 * megapixels, whose arrays are too large for the young generation, took 6 GiB in place of one.
 *
 * <p>Under other collectors nothing is done.
 */
public final class OldGeneration {
  private static final String SERIAL = "Tenured Gen";
  private static final long MOST_GARBAGE = 128L << 20;

  /** A run that is shorter than this pays nothing. */
  private static final long BEFORE_FIRST_LOOK_MS = 3000;

  private static final long BETWEEN_LOOKS_MS = 200;

  private OldGeneration() {}

  /** Looks after it from now on, on a thread of its own that keeps no JVM alive. */
  public static void watch() {
    Thread thread = new Thread(OldGeneration::look, "camjar-old-generation");
    thread.setDaemon(true);
    thread.start();
  }

  private static void look() {
    if (!sleep(BEFORE_FIRST_LOOK_MS)) {
      return;
    }
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals(SERIAL)) {
        look(
            () -> used(pool.getUsage()),
            () -> used(pool.getCollectionUsage()),
            System::gc,
            () -> sleep(BETWEEN_LOOKS_MS));
      }
    }
  }

  /**
   * Collects where it is due, as long as {@code again} waits and says so.
   *
   * @param used bytes taken now
   * @param live bytes that the last collection left
   */
  static void look(LongSupplier used, LongSupplier live, Runnable collect, BooleanSupplier again) {
    do {
      if (isDue(used.getAsLong(), live.getAsLong())) {
        collect.run();
      }
    } while (again.getAsBoolean());
  }

  /** Whether a collection is worth its time, which goes by what is alive. */
  static boolean isDue(long used, long live) {
    return used - live > Math.max(MOST_GARBAGE, live / 4);
  }

  private static long used(@Nullable MemoryUsage usage) {
    return usage == null ? 0 : usage.getUsed();
  }

  private static boolean sleep(long ms) {
    try {
      Thread.sleep(ms);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
