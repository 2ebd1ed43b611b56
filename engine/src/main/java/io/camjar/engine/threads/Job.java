package io.camjar.engine.threads;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Numbered tasks that are being shared out. */
final class Job {
  /** How often the caller looks for the end before it lets other threads run. */
  private static final int SPINS = 10_000;

  private final int tasks;
  private final int maxWorkers;
  private final Threads.Task task;
  private final AtomicInteger workers = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Throwable failure;

  Job(int tasks, int maxWorkers, Threads.Task task) {
    this.tasks = tasks;
    this.maxWorkers = maxWorkers;
    this.task = task;
  }

  /** Takes tasks until none is left. */
  void work() {
    int worker = workers.getAndIncrement();
    if (worker >= maxWorkers) {
      return;
    }
    int index = next.getAndIncrement();
    while (index < tasks) {
      try {
        task.run(index, worker);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      done.getAndIncrement();
      index = next.getAndIncrement();
    }
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
