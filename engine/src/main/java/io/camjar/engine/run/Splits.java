package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.ResidualSum;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where residual blocks begin, and which steps hand gradients back to there through the branch and
 * which through the shortcut. Of several blocks that begin with one value the first counts.
 */
final class Splits {
  /** None. */
  static final Splits NONE = new Splits(Map.of(), Map.of());

  /**
   * A block.
   *
   * @param sum the path of the addition that ends it
   */
  record Split(ResidualSum of, String sum) {}

  /** Blocks by the lowered value that they begin with. */
  private final Map<Integer, Split> starts;

  /** For steps that read such a value, whether they belong to the branch, by both. */
  private final Map<Long, Boolean> parts;

  private Splits(Map<Integer, Split> starts, Map<Long, Boolean> parts) {
    this.starts = starts;
    this.parts = parts;
  }

  /** The blocks of a graph, whose steps are not known yet. */
  static Splits of(Lowered<?> lowered) {
    Graph graph = lowered.graph();
    Map<Integer, Split> starts = new HashMap<>();
    for (ResidualSum sum : ResidualSum.of(graph)) {
      starts.putIfAbsent(
          lowered.value(sum.start()), new Split(sum, graph.nodes().get(sum.sum()).path()));
    }
    return new Splits(starts, Map.of());
  }

  /** The same with the steps that a pass takes; a block whose parts are one step is left out. */
  <T> Splits with(Lowered<T> lowered, List<@Nullable Step<T>> steps) {
    int[] nodes = nodes(lowered);
    Map<Integer, Split> kept = new HashMap<>();
    Map<Long, Boolean> known = new HashMap<>();
    starts.forEach(
        (start, split) -> {
          Map<Long, Boolean> found = new HashMap<>();
          for (int value = 0; value < steps.size(); value++) {
            Step<T> step = steps.get(value);
            if (step != null && step.inputs().contains(start)) {
              Boolean branch = part(split.of(), value, start, nodes[value], lowered);
              if (branch != null) {
                found.put(key(value, start), branch);
              }
            }
          }
          if (found.containsValue(true) && found.containsValue(false)) {
            kept.put(start, split);
            known.putAll(found);
          }
        });
    return new Splits(kept, known);
  }

  /** Whether a step belongs to the branch; null if it belongs to neither part. */
  private static <T> @Nullable Boolean part(
      ResidualSum of, int value, int start, int node, Lowered<T> lowered) {
    if (of.branchNodes().get(node)) {
      return true;
    }
    if (of.shortcutNodes().get(node)) {
      return false;
    }
    // The step that the addition is, or was folded into, reads the shortcut.
    Step<T> plain = lowered.steps().get(value);
    boolean folded = plain != null && !plain.inputs().contains(start);
    return value == lowered.value(of.sum()) || folded ? Boolean.FALSE : null;
  }

  /** The first node of the graph that each lowered value is of. */
  private static int[] nodes(Lowered<?> lowered) {
    int[] nodes = new int[lowered.steps().size()];
    for (int node = lowered.graph().nodes().size() - 1; node >= 0; node--) {
      nodes[lowered.value(node)] = node;
    }
    return nodes;
  }

  private static long key(int step, int input) {
    return ((long) step << Integer.SIZE) | input;
  }

  /** Whether a block begins with a value. */
  boolean startsAt(int value) {
    return starts.containsKey(value);
  }

  /** The block that begins with a value; null if none does. */
  @Nullable Split at(int value) {
    return starts.get(value);
  }

  /** Whether what a step hands to an input comes through a branch; null if it is not asked. */
  @Nullable Boolean branch(int step, int input) {
    return parts.get(key(step, input));
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return starts.isEmpty();
  }
}
