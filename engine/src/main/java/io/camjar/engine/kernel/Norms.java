package io.camjar.engine.kernel;

import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Norms of arrays where they lie: no copy of all values, and all threads at work. */
public final class Norms {
  /** Values of a run, which is summed by one thread and stays in a core's own cache. */
  private static final int RUN = 1 << 14;

  /** Sums that are made side by side: so many that loops over them are long. */
  private static final int PARTS = 1024;

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
              sums[run] = squares(some, 0, some.length);
            });
    double sum = 0;
    for (double some : sums) {
      sum += some;
    }
    return Math.sqrt(sum);
  }

  /**
   * The sum of squares of some values in double precision: every 1024th value has a sum of its own,
   * so that no addition waits for the last and the just-in-time compiler adds in vectors.
   */
  public static double squares(float[] values, int from, int count) {
    double[] sums = new double[PARTS];
    for (int first = from; first < from + count; first += PARTS) {
      int some = Math.min(PARTS, from + count - first);
      for (int i = 0; i < some; i++) {
        double value = values[first + i];
        sums[i] += value * value;
      }
    }
    return sum(sums);
  }

  /** The same of the differences, rounded, between the first values of two arrays. */
  public static double squaresOfChange(float[] before, float[] after, int count) {
    double[] sums = new double[PARTS];
    for (int first = 0; first < count; first += PARTS) {
      int some = Math.min(PARTS, count - first);
      for (int i = 0; i < some; i++) {
        double value = after[first + i] - before[first + i];
        sums[i] += value * value;
      }
    }
    return sum(sums);
  }

  private static double sum(double... sums) {
    for (int half = PARTS / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[half + i];
      }
    }
    return sums[0];
  }
}
