package io.camjar.benchmarks.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.LongStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most fused multiply-adds that Java gets out of this machine: twelve independent sums in
 * registers, more than two units of a latency of four need, and no memory at all.
 */
public final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int SUMS = 12;
  private static final int ROUNDS = 1 << 22;
  private static final int TRIALS = 8;

  private FmaPeak() {}

  /** Prints the peak of one core and of all. */
  public static void main(String[] args) throws Exception {
    for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
      System.out.printf(
          "%d threads, %d bits: %.0f GFLOP/s%n",
          threads, SPECIES.vectorBitSize(), gigaflops(threads));
    }
  }

  /** The best of some trials on so many threads, in GFLOP/s. */
  static double gigaflops(int threads) throws Exception {
    double best = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double seconds = trial(threads);
      best = Math.max(best, 2.0 * SUMS * SPECIES.length() * ROUNDS * threads / seconds / 1e9);
    }
    return best;
  }

  /** From the first thread's start to the last one's end, by their own clocks. */
  private static double trial(int threads) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(threads);
    float[] sums = new float[threads];
    long[] starts = new long[threads];
    long[] ends = new long[threads];
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      Thread thread =
          new Thread(
              () -> {
                await(barrier);
                starts[index] = System.nanoTime();
                sums[index] = work();
                ends[index] = System.nanoTime();
              });
      thread.setDaemon(true);
      thread.start();
      workers.add(thread);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    for (float sum : sums) {
      if (!(sum > 0)) {
        throw new IllegalStateException("the loop was optimised away");
      }
    }
    long first = LongStream.of(starts).min().orElseThrow();
    long last = LongStream.of(ends).max().orElseThrow();
    return (last - first) / 1e9;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static float work() {
    FloatVector x = FloatVector.broadcast(SPECIES, 1e-3f);
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    for (int round = 0; round < ROUNDS; round++) {
      a = x.fma(x, a);
      b = x.fma(x, b);
      c = x.fma(x, c);
      d = x.fma(x, d);
      e = x.fma(x, e);
      f = x.fma(x, f);
      g = x.fma(x, g);
      h = x.fma(x, h);
      i = x.fma(x, i);
      j = x.fma(x, j);
      k = x.fma(x, k);
      l = x.fma(x, l);
    }
    return a.add(b)
        .add(c.add(d))
        .add(e.add(f))
        .add(g.add(h))
        .add(i.add(j))
        .add(k.add(l))
        .reduceLanes(VectorOperators.ADD);
  }
}
