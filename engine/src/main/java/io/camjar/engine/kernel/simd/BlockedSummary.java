package io.camjar.engine.kernel.simd;

import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import io.camjar.engine.statistics.Tally;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;

/**
 * Sums, extremes and counts of blocked activations in one pass over memory. About a hundred values
 * of a channel are summed in single precision, these sums in double precision, plane by plane: the
 * same bits on any number of threads.
 */
public final class BlockedSummary {
  private BlockedSummary() {}

  /** The summary of all values, without what fills the last block. */
  public static Summary of(BlockedTensor x, Measure measure, Threads threads) {
    PlaneSums[] workers = new PlaneSums[threads.count()];
    double[] sums = new double[2 * x.tasks()];
    return run(x, measure, threads, workers, sums, false)
        ? summary(x, measure, workers, sums, false)
        : exactly(x, measure, threads, false);
  }

  /** The same together with that of the values behind a ReLU, which takes no pass of its own. */
  public static SummaryWithRelu withRelu(BlockedTensor x, Measure measure, Threads threads) {
    PlaneSums[] workers = new PlaneSums[threads.count()];
    double[] sums = new double[4 * x.tasks()];
    return run(x, measure, threads, workers, sums, true)
        ? new SummaryWithRelu(
            summary(x, measure, workers, sums, false), summary(x, measure, workers, sums, true))
        : new SummaryWithRelu(
            exactly(x, measure, threads, false), exactly(x, measure, threads, true));
  }

  /** The summary of the first values in memory, which have no units. */
  public static Summary ofPlain(BlockedTensor x, int length, Measure measure) {
    Tally tally = new Tally(measure, 0);
    for (int i = 0; i < length; i++) {
      tally.add(x.data[i], -1);
    }
    return tally.summary();
  }

  /**
   * Sums up all planes.
   *
   * @param sums of a plane: of its values, of their squares, and the same behind a ReLU
   * @return whether all values are finite, and lie in whole vectors
   */
  private static boolean run(
      BlockedTensor x,
      Measure measure,
      Threads threads,
      PlaneSums[] workers,
      double[] sums,
      boolean relu) {
    if (!PlaneSums.fits(x)) {
      return false;
    }
    threads.run(
        x.tasks(),
        (task, worker) -> {
          PlaneSums own = workers[worker];
          if (own == null) {
            own = new PlaneSums(x, measure, relu);
            workers[worker] = own;
          }
          own.add(task / x.blocks, task % x.blocks, sums, task * (relu ? 4 : 2));
        });
    for (PlaneSums worker : workers) {
      if (worker != null && !worker.isFinite()) {
        return false;
      }
    }
    return true;
  }

  private static Summary summary(
      BlockedTensor x, Measure measure, PlaneSums[] workers, double[] sums, boolean relu) {
    Tally tally = new Tally(measure, x.channels);
    int pitch = sums.length / x.tasks();
    double sum = 0;
    double squares = 0;
    for (int at = relu ? 2 : 0; at < sums.length; at += pitch) {
      sum += sums[at];
      squares += sums[at + 1];
    }
    tally.addSums(sum, squares);
    for (PlaneSums worker : workers) {
      if (worker != null) {
        worker.addTo(tally, relu);
      }
    }
    return tally.summary();
  }

  /** Value by value. */
  private static Summary exactly(BlockedTensor x, Measure measure, Threads threads, boolean relu) {
    Summary[] parts = new Summary[x.tasks()];
    threads.run(
        parts.length,
        (task, worker) ->
            parts[task] = exactly(x, task / x.blocks, task % x.blocks, measure, relu));
    @Nullable Summary all = null;
    for (Summary part : parts) {
      all = all == null ? part : all.plus(part);
    }
    return all == null ? new Tally(measure, x.channels).summary() : all;
  }

  private static Summary exactly(
      BlockedTensor x, int image, int block, Measure measure, boolean relu) {
    Tally tally = new Tally(measure, x.channels);
    int first = block * x.block;
    int used = Math.min(x.block, x.channels - first);
    for (int row = 0; row < x.height; row++) {
      int from = x.offset(image, block, row, 0);
      for (int i = from; i < from + x.width * x.block; i += x.block) {
        for (int c = 0; c < used; c++) {
          float value = x.data[i + c];
          tally.add(relu ? Math.max(value, 0) : value, first + c);
        }
      }
    }
    return tally.summary();
  }
}
