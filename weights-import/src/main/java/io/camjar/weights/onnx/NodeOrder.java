package io.camjar.weights.onnx;

import io.camjar.weights.bytes.Malformed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that every value has one origin, and puts nodes behind those that they read from. */
final class NodeOrder {
  private NodeOrder() {}

  /**
   * Sorts nodes; those already in order stay as they are.
   *
   * @param given names of values that exist before any node: inputs and initializers
   * @throws Malformed if a value is computed twice or never, or nodes wait for each other
   */
  static List<OnnxNode> sort(List<OnnxNode> nodes, Collection<String> given) {
    Map<String, Integer> origins = origins(nodes, given);
    List<List<Integer>> readers = new ArrayList<>();
    int[] waiting = new int[nodes.size()];
    nodes.forEach(node -> readers.add(new ArrayList<>()));
    Set<String> known = new HashSet<>(given);
    for (int i = 0; i < waiting.length; i++) {
      for (String input : nodes.get(i).reads()) {
        Integer origin = origins.get(input);
        if (origin != null) {
          readers.get(origin).add(i);
          waiting[i]++;
        } else if (!input.isEmpty() && !known.contains(input)) {
          throw Malformed.damaged(
              "node '" + nodes.get(i).label() + "' reads '" + input + "', which nothing computes");
        }
      }
    }
    Deque<Integer> ready = new ArrayDeque<>();
    List<OnnxNode> sorted = new ArrayList<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      for (int i = 0; i < waiting.length; i++) {
        if (waiting[i] > 0) {
          throw Malformed.damaged(
              "node '"
                  + nodes.get(i).label()
                  + "' waits for a value that depends on the node itself");
        }
      }
    }
    return inOrder(nodes, given) ? nodes : sorted;
  }

  private static Map<String, Integer> origins(List<OnnxNode> nodes, Collection<String> given) {
    Map<String, Integer> origins = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        if (!output.isEmpty() && (given.contains(output) || origins.put(output, i) != null)) {
          throw Malformed.damaged("the value '" + output + "' is computed twice");
        }
      }
    }
    return origins;
  }

  private static boolean inOrder(List<OnnxNode> nodes, Collection<String> given) {
    Set<String> known = new HashSet<>(given);
    known.add("");
    for (OnnxNode node : nodes) {
      if (!known.containsAll(node.reads())) {
        return false;
      }
      known.addAll(node.outputs());
    }
    return true;
  }
}
