package io.camjar.gradcam.serve.limits;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Workers that compute, and a queue of bounded length before them. A network is shared by all of
 * them: it does not change while it evaluates, and what a pass needs is the pass's own.
 */
public final class WorkQueue implements AutoCloseable {
  private final ThreadPoolExecutor workers;

  /**
   * Starts the workers.
   *
   * @param count how many requests are worked on at the same time
   * @param waiting how many more may wait
   */
  public WorkQueue(int count, int waiting) {
    AtomicInteger number = new AtomicInteger();
    workers =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            work -> new Thread(work, "camjar-worker-" + number.incrementAndGet()));
  }

  /** Requests that wait for a worker. */
  public int waiting() {
    return workers.getQueue().size();
  }

  /** Requests that are worked on. */
  public int working() {
    return workers.getActiveCount();
  }

  /**
   * Has something done by a worker and waits for it.
   *
   * @throws Problem with status 429 if the queue is full, 503 if the deadline passes
   */
  public <T> T run(Deadline deadline, Callable<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              deadline.check();
              return work.call();
            });
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      throw new Problem(429, "the queue is full; try again in a moment", e);
    }
    try {
      return task.get(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      deadline.cancel();
      workers.remove(task);
      throw deadline.passed();
    } catch (InterruptedException e) {
      deadline.cancel();
      workers.remove(task);
      Thread.currentThread().interrupt();
      throw new Problem(503, "the service is ending", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends the workers when what they have begun is done. */
  @Override
  public void close() {
    workers.shutdown();
    try {
      workers.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
