package io.camjar.engine.kernel;

/** The memory that the JVM may take for objects. */
public final class Heap {
  private Heap() {}

  /** Bytes that the heap may grow to. */
  public static long largest() {
    return Runtime.getRuntime().maxMemory();
  }
}
