package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.op.Shape;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph as a backend computes it: steps on tensors of its own kind.
 *
 * <p>Its values are numbered anew, since operations that do nothing have no step.
 *
 * @param <T> the backend's tensors
 */
public interface Lowered<T> {

  /** The graph. */
  Graph graph();

  /** The steps in the order of the graph, by value; null for inputs. */
  List<@Nullable Step<T>> steps();

  /** The value here that a value of the graph is. */
  int value(int graphValue);

  /**
   * The steps with as many folded into others as the backend can; null where a value is not
   * computed on its own any more.
   */
  default List<@Nullable Step<T>> fused(Use use) {
    return steps();
  }

  /**
   * What a pass does with the values here.
   *
   * @param apart those that must stay: they are asked for, given or results
   * @param graphShapes shapes of the graph's values; null for what comes before the given ones
   * @param crossed by value, whether a gradient goes on from it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Use(Set<Integer> apart, List<@Nullable Shape> graphShapes, boolean[] crossed) {}

  /** Memory that all schedules for inputs of one size share. */
  Size<T> size();

  /** What it holds between passes on the host, as far as it knows; devices tell nothing. */
  default MemoryUse memory() {
    return MemoryUse.NONE;
  }

  /** Frees what the garbage collector does not, such as memory of a device. */
  default void close() {}

  /** What a backend keeps for inputs of one size. */
  interface Size<T> {

    /** Lays out the values of a schedule. */
    Layout<T> layout(Schedule<T> schedule);

    /** Bytes that are kept for the next pass, as far as they are known. */
    default long bytes() {
      return 0;
    }

    /** Frees what no pass uses now, and the rest as passes give it back. */
    default void close() {}
  }
}
