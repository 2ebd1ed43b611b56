package io.camjar.engine.graph;

import io.camjar.engine.op.Add;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The sum that ends a residual block: a branch and a shortcut that come from one value. The
 * shortcut is that value itself or, of the two ways from there, the one of fewer operations.
 *
 * @param sum the value of the addition
 * @param start the value that both come from
 * @param branch the addition's input that ends the branch
 * @param shortcut the other one; {@code start} where the shortcut computes nothing
 * @param branchNodes the nodes of the branch
 * @param shortcutNodes the nodes of the shortcut; none where it computes nothing
 */
public record ResidualSum(
    int sum, int start, int branch, int shortcut, BitSet branchNodes, BitSet shortcutNodes) {

  /** Those of a graph, in its order. */
  public static List<ResidualSum> of(Graph graph) {
    BitSet[] before = before(graph);
    BitSet inputs = new BitSet();
    graph.inputs().forEach(inputs::set);
    List<ResidualSum> sums = new ArrayList<>();
    for (int value = 0; value < before.length; value++) {
      Node node = graph.nodes().get(value);
      if (node.op() instanceof Add && node.inputs().size() == 2) {
        int a = node.inputs().get(0);
        int b = node.inputs().get(1);
        boolean computed = before[a].intersects(inputs) && before[b].intersects(inputs);
        if (a != b && computed) {
          int start = start(before[a], before[b], before);
          if (start >= 0) {
            sums.add(of(value, start, a, b, before));
          }
        }
      }
    }
    return sums;
  }

  private static ResidualSum of(int sum, int start, int a, int b, BitSet... before) {
    BitSet ofA = between(start, before[a], before);
    BitSet ofB = between(start, before[b], before);
    boolean aIsBranch = ofA.cardinality() >= ofB.cardinality();
    return aIsBranch
        ? new ResidualSum(sum, start, a, b, ofA, ofB)
        : new ResidualSum(sum, start, b, a, ofB, ofA);
  }

  /** The last value that both depend on, if all that both depend on leads through it; else -1. */
  private static int start(BitSet a, BitSet b, BitSet... before) {
    BitSet common = (BitSet) a.clone();
    common.and(b);
    int last = common.length() - 1;
    if (last < 0) {
      return -1;
    }
    common.andNot(before[last]);
    return common.isEmpty() ? last : -1;
  }

  /** Of some values those that depend on {@code start}, without it. */
  private static BitSet between(int start, BitSet values, BitSet... before) {
    BitSet between = new BitSet();
    values.stream()
        .filter(value -> value != start && before[value].get(start))
        .forEach(between::set);
    return between;
  }

  /** For each value those that it depends on, itself included. */
  private static BitSet[] before(Graph graph) {
    BitSet[] before = new BitSet[graph.nodes().size()];
    for (int value = 0; value < before.length; value++) {
      before[value] = new BitSet(value + 1);
      before[value].set(value);
      for (int input : graph.nodes().get(value).inputs()) {
        before[value].or(before[input]);
      }
    }
    return before;
  }
}
