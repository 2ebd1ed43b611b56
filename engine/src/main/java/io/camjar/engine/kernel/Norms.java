package io.camjar.engine.kernel;

import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.Arrays;
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
    Threads threads = Threads.shared();
    float[][] rooms = new float[threads.count()][Math.min(RUN, length)];
    SquareSums[] squares = new SquareSums[rooms.length];
    Arrays.setAll(squares, worker -> new SquareSums());
    threads.run(
        runs,
        (run, worker) -> {
          int count = Math.min(RUN, length - run * RUN);
          values.get(run * RUN, rooms[worker], 0, count);
          sums[run] = squares[worker].of(rooms[worker], 0, count);
        });
    double sum = 0;
    for (double some : sums) {
      sum += some;
    }
    return Math.sqrt(sum);
  }
}
