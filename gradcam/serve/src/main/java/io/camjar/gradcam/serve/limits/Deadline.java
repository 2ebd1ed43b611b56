package io.camjar.gradcam.serve.limits;

import java.time.Duration;

/** When a request's work must be over. */
public final class Deadline {
  private final Duration given;
  private final long end;
  private volatile boolean cancelled;

  private Deadline(Duration given) {
    this.given = given;
    this.end = System.nanoTime() + given.toNanos();
  }

  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(time);
  }

  /** Nanoseconds that are left; negative when it has passed. */
  public long left() {
    return end - System.nanoTime();
  }

  /** Lets work that still goes on end at its next {@link #check}. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Does nothing as long as there is time.
   *
   * @throws Problem with status 503 when there is none
   */
  public void check() {
    if (cancelled || left() <= 0) {
      throw passed();
    }
  }

  /** What to answer when it has passed. */
  public Problem passed() {
    return new Problem(
        503,
        "the work was not done within %s s; ask for fewer images, layers or classes at a time"
            .formatted(seconds()));
  }

  private String seconds() {
    double s = given.toMillis() / 1e3;
    return s == Math.rint(s) ? String.valueOf((long) s) : String.valueOf(s);
  }
}
