package io.camjar.engine.threads;

import io.camjar.engine.CamjarException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out numbered tasks; the calling thread is one of them.
 *
 * <p>Work is split over outputs, never over a sum, so results do not depend on how many threads
 * there are. Several callers may run tasks at once; each returns when its own tasks are done. The
 * pool of the process has as many threads as there are processors, or as property {@code
 * camjar.threads} says.
 */
public final class Threads {
  /** The most there may be: ND4J's libraries crash the process where they start thousands. */
  public static final int MOST = 1024;

  private static final String PROPERTY = "camjar.threads";

  /**
   * How long an idle thread looks for work before it sleeps. Between two jobs of a pass it is much
   * less; a virtual machine whose processor halts in the middle of a pass may then share one core
   * with its other processor, and stays there for seconds.
   */
  private static final long IDLE_NANOSECONDS = 1_000_000;

  /** How often it looks between two glances at the clock. */
  private static final int SPINS = 100;

  private static volatile @Nullable Threads shared;
  private static volatile boolean given;

  private final int count;
  private final Thread[] helpers;
  private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
  private volatile int asleep;
  private volatile boolean stopped;

  private Threads(int count) {
    this.count = count;
    this.helpers = new Thread[count - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] = new Thread(() -> help(worker), "camjar-" + worker);
      helpers[i].setDaemon(true);
      helpers[i].start();
    }
  }

  /** What is done for each number; tasks of one call run in any order and at the same time. */
  @FunctionalInterface
  public interface Task {

    /**
     * Does one task.
     *
     * @param index the task's number, from 0
     * @param worker the number of the thread among those of this call, from 0 and below {@link
     *     Threads#count()}: for scratch memory of its own
     */
    void run(int index, int worker);
  }

  /** What is done for some neighbouring numbers; ranges of one call run at the same time. */
  @FunctionalInterface
  public interface Range {

    /**
     * Does the work of some numbers.
     *
     * @param from the first
     * @param end behind the last
     * @param worker as in {@link Task#run}
     */
    void run(int from, int end, int worker);
  }

  /** The pool of the process. */
  public static Threads shared() {
    Threads threads = shared;
    return threads != null ? threads : create();
  }

  private static synchronized Threads create() {
    Threads threads = shared;
    if (threads == null) {
      threads = new Threads(fromProperty());
      shared = threads;
    }
    return threads;
  }

  /**
   * Gives the process a pool of this many threads, the caller's included; tasks under way finish
   * where they are.
   *
   * @throws CamjarException if there are none or more than {@link #MOST}
   */
  public static synchronized void setCount(int count) {
    if (count < 1 || count > MOST) {
      throw new CamjarException(
          "the number of threads must be from 1 to %d, found %d".formatted(MOST, count));
    }
    given = true;
    Threads old = shared;
    if (old == null || old.count != count) {
      shared = new Threads(count);
    }
    if (old != null && old.count != count) {
      old.stop();
    }
  }

  /** Whether somebody said how many threads there shall be. */
  static boolean isGiven() {
    return given || !System.getProperty(PROPERTY, "").isBlank();
  }

  private static int fromProperty() {
    String value = System.getProperty(PROPERTY);
    if (value == null || value.isBlank()) {
      return Math.min(Runtime.getRuntime().availableProcessors(), MOST);
    }
    if (value.trim().matches("[1-9][0-9]{0,3}") && Integer.parseInt(value.trim()) <= MOST) {
      return Integer.parseInt(value.trim());
    }
    throw new CamjarException(
        "property %s must be a whole number from 1 to %d, found '%s'"
            .formatted(PROPERTY, MOST, value));
  }

  /** Threads that work on one call, the caller's included. */
  public int count() {
    return count;
  }

  /**
   * Runs the tasks numbered 0 to {@code tasks - 1} and returns when all are done.
   *
   * @throws RuntimeException what a task threw; the remaining tasks are still run
   */
  public void run(int tasks, Task task) {
    if (count == 1 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
    } else {
      run(new Job(tasks, 1, 1, count, (from, end, worker) -> task.run(from, worker)));
    }
  }

  /**
   * Runs the numbers 0 to {@code numbers - 1} in ranges and returns when all are done: long ranges
   * first, for what they share is then fetched once, and short ones in the end, so that no thread
   * waits long for another.
   *
   * @param longest no range goes beyond a multiple of it
   * @param shortest the least length, unless less is left
   * @throws RuntimeException what a range threw; the remaining ones are still run
   */
  public void run(int numbers, int longest, int shortest, Range range) {
    if (count == 1) {
      for (int from = 0; from < numbers; from += longest) {
        range.run(from, Math.min(numbers, from + longest), 0);
      }
    } else if (numbers > 0) {
      run(new Job(numbers, longest, shortest, count, range));
    }
  }

  private void run(Job job) {
    jobs.add(job);
    if (asleep > 0) {
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
    job.work(0);
    jobs.remove(job);
    job.await();
  }

  private void help(int worker) {
    long idleSince = System.nanoTime();
    while (!stopped) {
      Job job = nextJob();
      if (job != null) {
        job.work(worker);
        jobs.remove(job);
        idleSince = System.nanoTime();
      } else if (System.nanoTime() - idleSince > IDLE_NANOSECONDS) {
        sleep();
        idleSince = System.nanoTime();
      }
    }
  }

  /** The job that has waited longest, or null if none has come for a moment. */
  private @Nullable Job nextJob() {
    for (int i = 0; i < SPINS; i++) {
      Job job = jobs.peek();
      if (job != null) {
        return job;
      }
      Thread.onSpinWait();
    }
    return null;
  }

  private void sleep() {
    changeAsleep(1);
    // Looked at again after the count is raised: whoever adds a job later sees the count.
    if (jobs.peek() == null && !stopped) {
      LockSupport.park(this);
    }
    changeAsleep(-1);
  }

  private synchronized void changeAsleep(int by) {
    asleep += by;
  }

  private void stop() {
    stopped = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
