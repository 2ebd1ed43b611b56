package io.camjar.engine.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes read a value first and last, in the order of the forward. */
final class Readers {
  private final int[] first;
  private final int[] last;

  private Readers(int values) {
    this.first = new int[values];
    this.last = new int[values];
  }

  /** The readers of each node's value. */
  static Readers of(List<@Nullable Node> nodes) {
    Readers readers = new Readers(nodes.size());
    for (int value = 0; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      if (node != null) {
        for (int input : node.inputs()) {
          // No node reads the input of the network before node 1, so 0 means nobody yet.
          readers.first[input] = readers.first[input] == 0 ? value : readers.first[input];
          readers.last[input] = value;
        }
      }
    }
    return readers;
  }

  /** The first node that reads a value; 0 if none does. */
  int first(int value) {
    return first[value];
  }

  /** The last node that reads a value; 0 if none does. */
  int last(int value) {
    return last[value];
  }
}
