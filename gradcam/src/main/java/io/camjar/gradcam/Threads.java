package io.camjar.gradcam;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads one pass may use for its arithmetic; one setting for the process. */
public final class Threads {
  private static volatile int inUse = Runtime.getRuntime().availableProcessors();

  private Threads() {}

  /** The current setting; one a processor unless {@link #use} said otherwise. */
  public static int inUse() {
    return inUse;
  }

  /** Sets how many threads ND4J's operations and its BLAS use. */
  public static void use(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one thread is needed, not " + count);
    }
    Nd4j.getEnvironment().setMaxThreads(count);
    Nd4j.getEnvironment().setMaxMasterThreads(count);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(count);
    Nd4j.factory().blas().setMaxThreads(count);
    inUse = count;
  }
}
