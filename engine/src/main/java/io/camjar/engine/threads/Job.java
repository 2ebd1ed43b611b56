package io.camjar.engine.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbered pieces of work that are being shared out: each worker begins with a run of neighbouring
 * pieces of its own, the same in every job of as many, so that it finds in its cache what it has
 * left there in the job before; who is done helps the others. A worker takes half of what is left
 * of a run, within bounds, so that all are done at about the same time (guided self-scheduling:
 * Polychronopoulos and Kuck, IEEE Trans. Comput. C-36, 1987).
 */
final class Job {
  /** How often the caller looks for the end before it lets other threads run. */
  private static final int SPINS = 10_000;

  /** Counters lie this far apart, so that no two share a cache line. */
  private static final int STRIDE = 16;

  private final int count;
  private final int longest;
  private final int shortest;
  private final int workers;
  private final Threads.Range range;

  /** The next piece of each worker's run. */
  private final AtomicIntegerArray next;

  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Throwable failure;

  Job(int count, int longest, int shortest, int workers, Threads.Range range) {
    this.count = count;
    this.longest = longest;
    this.shortest = shortest;
    this.workers = workers;
    this.range = range;
    this.next = new AtomicIntegerArray(workers * STRIDE);
    for (int worker = 0; worker < workers; worker++) {
      next.setPlain(worker * STRIDE, first(worker));
    }
  }

  /** The first piece of a worker's run, which ends before the next worker's. */
  private int first(int worker) {
    return (int) ((long) count * worker / workers);
  }

  /** Takes pieces until none is left. */
  void work(int worker) {
    int finished = 0;
    for (int i = 0; i < workers; i++) {
      finished += work(worker, (worker + i) % workers);
    }
    done.getAndAdd(finished);
  }

  /** Takes what is left of one worker's run; returns how many pieces that were. */
  private int work(int worker, int run) {
    int at = run * STRIDE;
    int end = first(run + 1);
    int finished = 0;
    int from = next.get(at);
    while (from < end) {
      int to = from + length(from, end);
      if (next.compareAndSet(at, from, to)) {
        try {
          range.run(from, to, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        finished += to - from;
      }
      from = next.get(at);
    }
    return finished;
  }

  /** How many pieces are taken together. */
  private int length(int from, int end) {
    int most = Math.min(end - from, longest - from % longest);
    return Math.min(most, Math.max(shortest, (end - from) / 2));
  }

  /** Waits for pieces that others have taken; throws what one threw. */
  void await() {
    for (int spins = 0; done.get() < count; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }
}
