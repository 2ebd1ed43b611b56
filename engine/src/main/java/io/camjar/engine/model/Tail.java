package io.camjar.engine.model;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The part of a network behind one of its points: what the logits would be, had the point another
 * output. Immutable and shared by all threads; the network owns the parameters.
 *
 * <p>Where other values lead around the point, as a shortcut does around a branch, such a tail
 * starts from one of them as well; {@link #start} says which point that is.
 */
public final class Tail {
  private final String point;
  private final String start;
  private final Function<INDArray, Session<?>> session;

  private Tail(String point, String start, Function<INDArray, Session<?>> session) {
    this.point = point;
    this.start = start;
    this.session = session;
  }

  /**
   * The tail behind a point of a graph.
   *
   * @param session what runs it for an activation
   */
  static Tail of(Graph graph, String point, Function<INDArray, Session<?>> session) {
    int value = graph.value(point);
    if (isCut(graph, Set.of(value))) {
      return new Tail(point, point, session);
    }
    // The latest value through which, with the point, all paths from the input lead.
    int start = value - 1;
    while (!isCut(graph, Set.of(value, start))) {
      start--;
    }
    return new Tail(point, graph.name(start), session);
  }

  private static boolean isCut(Graph graph, Set<Integer> given) {
    boolean[] needed = graph.neededFrom(given);
    return graph.inputs().stream().allMatch(input -> given.contains(input) || !needed[input]);
  }

  /** The point whose output it starts from: its own, or the latest one before the shortcut. */
  public String start() {
    return start;
  }

  /**
   * The logits, {@code [N, classes]}; the caller closes them.
   *
   * @param input the output of {@link #start}, N of them, borrowed
   * @param activation what the point's output is to be, N of them, borrowed; the same as {@code
   *     input} where the tail starts from the point itself
   * @throws io.camjar.engine.CamjarException if the shapes do not fit
   */
  public INDArray forward(INDArray input, INDArray activation) {
    Map<String, INDArray> given =
        start.equals(point) ? Map.of(point, activation) : Map.of(start, input, point, activation);
    return session.apply(activation).forward(given, Trace.LOGITS);
  }
}
