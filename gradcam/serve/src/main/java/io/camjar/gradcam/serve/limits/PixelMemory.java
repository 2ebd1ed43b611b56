package io.camjar.gradcam.serve.limits;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Memory for the pixels of images, half of the heap: a small file may hold a large image, and
 * several of them at the same time would not fit although each does. Large images wait for one
 * another; what is too large by itself is refused by the decoder.
 */
public final class PixelMemory {
  /** A decoder's raster, the pixels and what is drawn on them. */
  private static final long BYTES_PER_PIXEL = 20;

  private final int megabytes;
  private final Semaphore free;

  /** Memory for pixels. */
  public PixelMemory(long bytes) {
    megabytes = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes >> 20));
    free = new Semaphore(megabytes, true);
  }

  /** Held until it is closed. */
  public final class Reserved implements AutoCloseable {
    private final int amount;

    private Reserved(int amount) {
      this.amount = amount;
    }

    @Override
    public void close() {
      free.release(amount);
    }
  }

  /**
   * Waits for as much as the image needs; all there is where its header does not say.
   *
   * @throws Problem with status 503 if the deadline passes first
   */
  public Reserved reserve(byte[] image, Deadline deadline) {
    long pixels = ImageSize.pixels(image).orElse(Long.MAX_VALUE / BYTES_PER_PIXEL);
    int amount = (int) Math.min(megabytes, 1 + (pixels * BYTES_PER_PIXEL >> 20));
    try {
      if (!free.tryAcquire(amount, Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
        throw deadline.passed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the service is ending", e);
    }
    return new Reserved(amount);
  }
}
