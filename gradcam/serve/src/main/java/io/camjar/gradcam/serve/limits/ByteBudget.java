package io.camjar.gradcam.serve.limits;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all requests together may hold: more of them are refused, none has to wait. */
public final class ByteBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /** A budget. */
  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Bytes that are held. */
  public long used() {
    return used.get();
  }

  /** A share of the budget, empty at first. */
  public Share share() {
    return new Share();
  }

  /** What one request holds; of one thread at a time. */
  public final class Share implements AutoCloseable {
    private long held;

    /**
     * Takes more.
     *
     * @throws Problem with status 429 if all requests together would hold too much
     */
    public void take(long bytes) {
      if (used.addAndGet(bytes) > limit) {
        used.addAndGet(-bytes);
        throw Problem.busy(
            "all requests together hold as many bytes as fit into memory; try again in a moment");
      }
      held += bytes;
    }

    @Override
    public void close() {
      used.addAndGet(-held);
      held = 0;
    }
  }
}
