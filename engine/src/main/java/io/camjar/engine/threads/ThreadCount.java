package io.camjar.engine.threads;

import io.camjar.engine.CamjarException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads one pass computes on: one switch for camjar's own pool, ND4J's operations,
 * OpenMP and the BLAS. It never changes a bit of what camjar's own kernels compute; ND4J's BLAS
 * shares a product out differently and rounds differently then.
 *
 * <p>One a processor, unless {@link #set} or the property {@code camjar.threads} said otherwise.
 */
public final class ThreadCount {
  private static boolean nd4jFollows;

  private ThreadCount() {}

  /** The threads of the next pass, the caller's included. */
  public static int get() {
    return Threads.shared().count();
  }

  /**
   * Sets them for the process; passes under way finish as they began.
   *
   * @throws CamjarException if there are none or more than {@link Threads#MOST}
   */
  public static synchronized void set(int count) {
    Threads.setCount(count);
    applyToNd4j(count);
  }

  /**
   * Lets ND4J follow the property {@code camjar.threads}, which it does not know itself; for
   * whoever is about to compute with ND4J. Does nothing where no count was given.
   */
  public static synchronized void applyToNd4j() {
    if (!nd4jFollows && Threads.isGiven()) {
      applyToNd4j(get());
    }
  }

  private static void applyToNd4j(int count) {
    Nd4j.getEnvironment().setMaxThreads(count);
    Nd4j.getEnvironment().setMaxMasterThreads(count);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(count);
    Nd4j.factory().blas().setMaxThreads(count);
    nd4jFollows = true;
  }
}
