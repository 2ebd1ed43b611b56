package io.camjar.weights.onnx.write;

import io.camjar.engine.op.Compare;
import io.camjar.engine.op.Where;
import io.camjar.weights.onnx.write.Nodes.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * Comparisons, and choices of single values. ONNX has truths of a type of their own, which numbers
 * are cast to and from.
 */
final class ChoiceWriters {
  private static final int FLOAT = 1;
  private static final int BOOL = 9;

  private ChoiceWriters() {}

  static void register(Writers writers) {
    writers.add(Compare.class, ChoiceWriters::compare);
    writers.add(Where.class, (op, here) -> here.last("Where", truths(here, 1)));
  }

  private static String compare(Compare op, Writing here) {
    boolean ofTruths =
        switch (op.relation()) {
          case AND, OR, XOR -> true;
          default -> false;
        };
    return truth(here, op.kind(), ofTruths ? truths(here, 2) : here.inputs());
  }

  /** The node's inputs, the first of them as truths. */
  static List<String> truths(Writing here, int count) {
    List<String> all = new ArrayList<>(here.inputs());
    for (int i = 0; i < count; i++) {
      Message type = Attribute.of("to", BOOL);
      all.set(i, here.before("truth" + i, "Cast", List.of(all.get(i)), type));
    }
    return all;
  }

  /** An operation that gives truths, as numbers. */
  static String truth(Writing here, String operation, List<String> inputs) {
    String holds = here.before("holds", operation, inputs);
    return here.last("Cast", List.of(holds), Attribute.of("to", FLOAT));
  }
}
