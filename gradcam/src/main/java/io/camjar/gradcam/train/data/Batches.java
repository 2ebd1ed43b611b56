package io.camjar.gradcam.train.data;

import io.camjar.engine.CamjarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Batches in order, made ahead by threads of its own while others are learned from. What a batch
 * holds depends on the order and on {@link Maker} alone, not on the threads.
 */
public final class Batches implements AutoCloseable {
  private static final int AHEAD = 3;

  /** Prepares one image; false if it cannot be read. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Prepares an image.
     *
     * @param index of the sample
     * @param values where it goes
     * @param at where in them
     */
    boolean make(int index, float[] values, int at);
  }

  private final DecodedImages images;
  private final int[] order;
  private final int size;
  private final int side;
  private final Maker maker;
  private final ExecutorService threads;
  private final Queue<Future<Batch>> pending = new ArrayDeque<>();
  private final int end;
  private int next;

  /**
   * Batches of some images.
   *
   * @param order indices of samples; the last images that make no whole batch are left out unless
   *     {@code all}
   * @param size of a batch
   * @param side of the images
   * @param first the number of the first batch
   * @param all whether a smaller batch may come last
   */
  public Batches(
      DecodedImages images, int[] order, int size, int side, int first, boolean all, Maker maker) {
    this.images = images;
    this.order = order.clone();
    this.size = size;
    this.side = side;
    this.maker = maker;
    this.next = first;
    this.end = count(order.length, size, all);
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            task -> {
              Thread thread = new Thread(task, "camjar-images");
              thread.setDaemon(true);
              return thread;
            });
    fill();
  }

  /** How many batches so many images make. */
  public static int count(int images, int size, boolean all) {
    return all ? (images + size - 1) / size : Math.max(1, images / size);
  }

  /** How many there are, with those before the first. */
  public int count() {
    return end;
  }

  private void fill() {
    while (pending.size() < AHEAD && next < end) {
      int[] some =
          Arrays.copyOfRange(order, next * size, Math.min(order.length, (next + 1) * size));
      pending.add(threads.submit(() -> batch(some)));
      next++;
    }
  }

  private Batch batch(int[] indices) {
    int image = 3 * side * side;
    float[] values = new float[indices.length * image];
    int made = 0;
    List<Integer> classes = new ArrayList<>();
    for (int index : indices) {
      if (maker.make(index, values, made * image)) {
        classes.add(images.sample(index).classIndex());
        made++;
      }
    }
    return new Batch(
        made == indices.length ? values : Arrays.copyOf(values, made * image),
        classes.stream().mapToInt(Integer::intValue).toArray(),
        side);
  }

  /** Whether there is another. */
  public boolean hasNext() {
    return !pending.isEmpty();
  }

  /**
   * The next one; waits for it.
   *
   * @throws CamjarException if the thread is interrupted meanwhile
   */
  public Batch next() {
    try {
      Batch batch = pending.remove().get();
      fill();
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CamjarException("training was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
