package io.camjar.engine.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbered tasks that are being shared out: each worker begins with a run of neighbouring tasks of
 * its own, the same in every job of as many tasks, so that it finds in its cache what it has left
 * there in the job before; who is done helps the others.
 */
final class Job {
  /** How often the caller looks for the end before it lets other threads run. */
  private static final int SPINS = 10_000;

  /** Counters lie this far apart, so that no two share a cache line. */
  private static final int STRIDE = 16;

  private final int tasks;
  private final int workers;
  private final Threads.Task task;

  /** The next task of each worker's run. */
  private final AtomicIntegerArray next;

  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Throwable failure;

  Job(int tasks, int workers, Threads.Task task) {
    this.tasks = tasks;
    this.workers = workers;
    this.task = task;
    this.next = new AtomicIntegerArray(workers * STRIDE);
    for (int worker = 0; worker < workers; worker++) {
      next.setPlain(worker * STRIDE, first(worker));
    }
  }

  /** The first task of a worker's run, which ends before the next worker's. */
  private int first(int worker) {
    return (int) ((long) tasks * worker / workers);
  }

  /** Takes tasks until none is left. */
  void work(int worker) {
    int finished = 0;
    for (int i = 0; i < workers; i++) {
      finished += work(worker, (worker + i) % workers);
    }
    done.getAndAdd(finished);
  }

  /** Takes what is left of one worker's run; returns how many tasks that were. */
  private int work(int worker, int run) {
    int end = first(run + 1);
    int finished = 0;
    int index = next.getAndIncrement(run * STRIDE);
    while (index < end) {
      try {
        task.run(index, worker);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      finished++;
      index = next.getAndIncrement(run * STRIDE);
    }
    return finished;
  }

  /** Waits for tasks that others have taken; throws what a task threw. */
  void await() {
    for (int spins = 0; done.get() < tasks; spins++) {
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
