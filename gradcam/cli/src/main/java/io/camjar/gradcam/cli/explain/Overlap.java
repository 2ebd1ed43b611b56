package io.camjar.gradcam.cli.explain;

import io.camjar.engine.kernel.Heap;
import io.camjar.engine.threads.ThreadCount;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.cli.images.Source;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Explains sources one after the other, reads the next one meanwhile and writes the files of those
 * before. Files get their names in the order of the sources, whichever is written first, so a run
 * that is stopped leaves what a run without overlap would leave.
 *
 * <p>Memory is bounded: as many images wait to be written as there are threads and one more, fewer
 * where they are large, and an image that is large by itself is alone.
 */
final class Overlap implements AutoCloseable {
  /** About what a pixel takes while its maps are drawn and encoded. */
  private static final int BYTES_A_PIXEL = 64;

  /** The share of the heap that images under way may take. */
  private static final int SHARE = 4;

  /**
   * What became of a source.
   *
   * @param index its place among the sources
   * @param ms how long it took, without the time it waited
   * @param source what was read of it
   * @param staged its files; null where it failed
   * @param failure why it failed; null where it did not
   */
  record Outcome(
      int index,
      double ms,
      Source source,
      Output.@Nullable Staged staged,
      @Nullable RuntimeException failure) {}

  private final ExplainRun each;
  private final List<? extends Source> sources;
  private final Consumer<Outcome> sink;
  private final int depth;
  private final long budget = Heap.largest() / SHARE / BYTES_A_PIXEL;
  private final ExecutorService reader = threads(1, "camjar-read");
  private final ExecutorService writers;

  private final Queue<Future<Outcome>> waiting = new ArrayDeque<>();
  private final Queue<Long> sizes = new ArrayDeque<>();
  private long pixels;

  /**
   * An overlap.
   *
   * @param sink is given the outcomes in the order of the sources, by the thread that runs them
   */
  Overlap(ExplainRun each, List<? extends Source> sources, Consumer<Outcome> sink) {
    this.each = each;
    this.sources = sources;
    this.sink = sink;
    int threads = ThreadCount.get();
    this.depth = threads + 1;
    this.writers = threads(threads, "camjar-write");
  }

  /** How many sources may be under way: those that are written, one explained and one read. */
  static int most() {
    return ThreadCount.get() + 3;
  }

  private static ExecutorService threads(int count, String name) {
    return Executors.newFixedThreadPool(
        count,
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Explains the sources of these places. */
  void run(int[] indices) {
    Future<Outcome> next = null;
    for (int i = 0; i < indices.length; i++) {
      Outcome read = get(next == null ? reading(indices[i]) : next);
      next = null;
      long size = read.source().pixels();
      makeRoom(size);
      boolean alone = 2 * size > budget;
      if (i + 1 < indices.length && !alone) {
        next = reading(indices[i + 1]);
      }
      waiting.add(explain(read));
      sizes.add(size);
      pixels += size;
      if (alone) {
        finish();
      }
    }
    while (!waiting.isEmpty()) {
      finish();
    }
  }

  /** Waits until an image of that many pixels may be under way as well. */
  private void makeRoom(long size) {
    while (!waiting.isEmpty() && (waiting.size() >= depth || pixels + size > budget)) {
      finish();
    }
  }

  private void finish() {
    Outcome outcome = get(waiting.remove());
    pixels -= sizes.remove();
    try (Output.Staged files = outcome.staged()) {
      sink.accept(outcome);
    }
  }

  private Future<Outcome> reading(int index) {
    return reader.submit(() -> read(index));
  }

  private Outcome read(int index) {
    Source source = sources.get(index);
    long start = System.nanoTime();
    try {
      Source read = each.read(source);
      return new Outcome(index, Timings.since(start), read, null, null);
    } catch (RuntimeException e) {
      return new Outcome(index, Timings.since(start), source, null, e);
    }
  }

  private Future<Outcome> explain(Outcome read) {
    if (read.failure() != null) {
      return CompletableFuture.completedFuture(read);
    }
    long start = System.nanoTime();
    try {
      List<Explanation> explanations = each.explain(read.source());
      double ms = read.ms() + Timings.since(start);
      return writers.submit(() -> write(read, explanations, ms));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failed(read, read.ms() + Timings.since(start), e));
    }
  }

  private Outcome write(Outcome read, List<Explanation> explanations, double before) {
    long start = System.nanoTime();
    try {
      Output.Staged staged = each.stage(read.source(), explanations);
      return new Outcome(read.index(), before + Timings.since(start), read.source(), staged, null);
    } catch (RuntimeException e) {
      return failed(read, before + Timings.since(start), e);
    }
  }

  private static Outcome failed(Outcome read, double ms, RuntimeException failure) {
    return new Outcome(read.index(), ms, read.source(), null, failure);
  }

  private static Outcome get(Future<Outcome> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while images are written", e);
    } catch (ExecutionException e) {
      // Outcomes hold what is thrown for an image; this is an error, no memory say.
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
    writers.shutdownNow();
  }
}
