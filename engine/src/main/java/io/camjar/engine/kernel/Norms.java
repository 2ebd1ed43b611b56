package io.camjar.engine.kernel;

import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Norms of arrays where they lie: no copy of all values, and all threads at work. */
public final class Norms {
  /** Values of a run, which is summed by one thread and stays in a core's own cache. */
  private static final int RUN = 1 << 14;

  private Norms() {}

  /**
   * The L2 norm of a float array, summed in double precision: runs of fixed length and then their
   * sums in order, so that its bits do not depend on the number of threads.
   */
  public static double l2(INDArray array) {
    int length = Math.toIntExact(array.length());
    int runs = (length + RUN - 1) / RUN;
    FloatBuffer values = HostCopy.readable(array);
    double[] sums = new double[runs];
    Threads.shared()
        .run(
            runs,
            (run, worker) -> {
              float[] some = new float[Math.min(RUN, length - run * RUN)];
              values.get(run * RUN, some, 0, some.length);
              sums[run] = squares(some);
            });
    double sum = 0;
    for (double some : sums) {
      sum += some;
    }
    return Math.sqrt(sum);
  }

  /** In four parts, so that one addition does not wait for the last. */
  private static double squares(float... values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = 0;
    for (; k + 4 <= values.length; k += 4) {
      a += (double) values[k] * values[k];
      b += (double) values[k + 1] * values[k + 1];
      c += (double) values[k + 2] * values[k + 2];
      d += (double) values[k + 3] * values[k + 3];
    }
    for (; k < values.length; k++) {
      a += (double) values[k] * values[k];
    }
    return (a + b) + (c + d);
  }
}
