package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.op.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph on a backend: for each size of input its schedules and memory. Shared by threads, except
 * where it trains.
 *
 * @param <T> the backend's tensors
 */
public final class Session<T> implements AutoCloseable {
  private static final Request FORWARD = Request.of(Set.of());

  /** Plans of passes that are kept for one size of input; one takes some tens of kilobytes. */
  private static final int SCHEDULES = 64;

  private final String backend;
  private final Lowered<T> lowered;

  /** By the shapes of the values that a pass starts from. */
  private final Map<Map<Integer, Shape>, Size<T>> sizes;

  /** What one kind of pass is asked for. */
  private record Kind(Request request, boolean backward) {}

  /** What is kept for one size of input. */
  private record Size<T>(Lowered.Size<T> memory, Recent<Kind, Schedule<T>> schedules) {}

  /**
   * A session.
   *
   * @param backend the name of the backend that lowered the graph
   * @param kept sizes of input whose memory is kept
   */
  public Session(String backend, Lowered<T> lowered, int kept) {
    this.backend = backend;
    this.lowered = lowered;
    this.sizes =
        new LinkedHashMap<>(kept, 1, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Map<Integer, Shape>, Size<T>> eldest) {
            if (size() <= kept) {
              return false;
            }
            eldest.getValue().memory.close();
            return true;
          }
        };
  }

  /** Frees memory that the garbage collector does not; passes under way give theirs back later. */
  @Override
  public void close() {
    synchronized (sizes) {
      sizes.values().forEach(size -> size.memory.close());
      sizes.clear();
    }
    lowered.close();
  }

  /** What it holds between passes. */
  public MemoryUse memory() {
    long activations;
    synchronized (sizes) {
      activations = sizes.values().stream().mapToLong(size -> size.memory.bytes()).sum();
    }
    return lowered.memory().plus(new MemoryUse(0, 0, 0, activations));
  }

  /** How many plans of passes it holds. */
  int schedules() {
    synchronized (sizes) {
      return sizes.values().stream().mapToInt(size -> size.schedules.size()).sum();
    }
  }

  /** The graph. */
  public Graph graph() {
    return lowered.graph();
  }

  /**
   * A result of an evaluating pass from some values; the caller closes it.
   *
   * @param given arrays by path, borrowed: inputs, or points that the pass goes on from
   * @param output the name of the result
   * @throws IllegalArgumentException if the graph has no such output
   */
  public INDArray forward(Map<String, INDArray> given, String output) {
    Forward<T> pass = new Forward<>(schedule(given, FORWARD, false), null, Watcher.NONE);
    try {
      give(pass, given);
      pass.run();
      Integer value = graph().outputs().get(output);
      if (value == null) {
        throw new IllegalArgumentException("the graph has no output " + output);
      }
      return pass.detach(value);
    } finally {
      pass.close();
    }
  }

  /**
   * A pass that keeps what a request asks for; the caller closes it.
   *
   * @param given arrays by path, borrowed as long as the trace is open
   * @param request points by path
   * @param random what dropout draws from; null evaluating
   */
  public Trace trace(
      Map<String, INDArray> given, Request request, @Nullable SplittableRandom random) {
    return trace(given, request, random, Watcher.NONE);
  }

  /**
   * A pass that keeps what a request asks for and shows what it watches; the caller closes it.
   *
   * @param watcher is shown that, in the forward and in every backward of the trace
   */
  public Trace trace(
      Map<String, INDArray> given,
      Request request,
      @Nullable SplittableRandom random,
      Watcher watcher) {
    Forward<T> pass = new Forward<>(schedule(given, request, true), random, watcher);
    try {
      give(pass, given);
      pass.run();
      return new Trace(backend, request.results(graph()), points(request), pass);
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  private Map<String, Integer> points(Request request) {
    Map<String, Integer> points = new HashMap<>();
    request.points().forEach(point -> points.put(point, graph().value(point)));
    return points;
  }

  private void give(Forward<T> pass, Map<String, INDArray> given) {
    given.forEach((path, array) -> pass.give(lowered.value(graph().value(path)), array));
  }

  private Schedule<T> schedule(Map<String, INDArray> given, Request request, boolean backward) {
    Map<Integer, Shape> starts = new HashMap<>();
    given.forEach((path, array) -> starts.put(graph().value(path), Shape.of(array)));
    Size<T> size;
    synchronized (sizes) {
      size =
          sizes.computeIfAbsent(starts, s -> new Size<>(lowered.size(), new Recent<>(SCHEDULES)));
    }
    return size.schedules.get(
        new Kind(request, backward),
        kind ->
            new Schedule<>(
                lowered,
                size.memory,
                starts,
                Set.copyOf(points(request).values()),
                request,
                backward));
  }
}
