package io.camjar.weights.torch.script;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operation on tensors with what it takes in. Equality is identity.
 *
 * <p>Its values are the tensors' names and the numbers that the operation depends on.
 */
public final class ScriptNode {
  private final String operation;
  private final List<ScriptNode> inputs;
  private final Map<String, Object> values;
  private final int rank;
  private @Nullable ScriptNode overwritten;

  ScriptNode(String operation, int rank, List<ScriptNode> inputs, Map<String, Object> values) {
    this.operation = operation;
    this.rank = rank;
    this.inputs = List.copyOf(inputs);
    this.values = Map.copyOf(values);
  }

  String operation() {
    return operation;
  }

  List<ScriptNode> inputs() {
    return inputs;
  }

  Map<String, Object> values() {
    return values;
  }

  /** Dimensions of the result. */
  int rank() {
    return rank;
  }

  /** An operation in place has replaced what this node's variable holds. */
  void overwrite(ScriptNode by) {
    overwritten = by;
  }

  /** What a variable that holds this node holds now. */
  ScriptNode current() {
    ScriptNode node = this;
    while (node.overwritten != null) {
      node = node.overwritten;
    }
    return node;
  }

  /** Whether it is one number for each channel. */
  boolean isPooled() {
    return operation.startsWith("global ")
        || (operation.equals("concatenation") && inputs.stream().allMatch(ScriptNode::isPooled))
        || (operation.equals("flatten") && inputs.get(0).isPooled());
  }

  /** This with the values in which it differs from another, where the operation is the same. */
  String differing(ScriptNode other) {
    if (!operation.equals(other.operation)) {
      return toString();
    }
    Map<String, Object> differing = new TreeMap<>(values);
    differing
        .entrySet()
        .removeIf(
            value ->
                !value.getKey().equals("weight")
                    && value.getValue().equals(other.values.get(value.getKey())));
    return new ScriptNode(operation, rank, inputs, differing).toString();
  }

  private static Object shown(Object value) {
    return value instanceof String name ? "'" + name + "'" : value;
  }

  /** {@code convolution of conv1.weight, stride [2, 2]}. */
  @Override
  public String toString() {
    if (values.isEmpty()) {
      return operation;
    }
    Map<String, Object> sorted = new TreeMap<>(values);
    Object weight = sorted.remove("weight");
    return operation
        + (weight == null ? "" : " of '" + weight + "'")
        + sorted.entrySet().stream()
            .filter(entry -> !(entry.getValue() instanceof String) || entry.getKey().equals("bias"))
            .map(entry -> ", " + entry.getKey() + " " + shown(entry.getValue()))
            .collect(Collectors.joining());
  }
}
