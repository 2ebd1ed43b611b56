package io.camjar.gradcam.cli.errors;

import io.camjar.engine.CamjarException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is done when the process is told to end before its work is, by Ctrl-C say: nothing is cut in
 * two, and what was left open is tidied up.
 */
public final class EarlyEnd {
  /** Held by the end for ever: whoever comes to it then waits until the process is gone. */
  private static final ReentrantLock GATE = new ReentrantLock();

  private static final Deque<Task> TASKS = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(EarlyEnd::end, "camjar-end"));
  }

  private EarlyEnd() {}

  /** Something to do at an early end, for as long as this is open. */
  public static final class Task implements AutoCloseable {
    private final Runnable work;

    private Task(Runnable work) {
      this.work = work;
    }

    @Override
    public void close() {
      whole(() -> TASKS.remove(this));
    }
  }

  /** Has {@code work} done at an early end, the last that was registered first. */
  public static Task register(Runnable work) {
    Task task = new Task(work);
    whole(() -> TASKS.push(task));
    return task;
  }

  /** Does something that an early end must wait for, or that must not begin after it. */
  public static void whole(Runnable work) {
    GATE.lock();
    try {
      work.run();
    } finally {
      GATE.unlock();
    }
  }

  private static void end() {
    GATE.lock();
    while (!TASKS.isEmpty()) {
      try {
        TASKS.pop().work.run();
      } catch (CamjarException e) {
        // The disk is full, say: the other tasks may still succeed.
        continue;
      }
    }
  }
}
