package io.camjar.weights.torch.script;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What TorchScript's code does with numbers, truth values, sizes and lists. */
final class ScriptNumbers {
  private ScriptNumbers() {}

  static Object call(String name, List<Object> arguments) {
    Object first = arguments.isEmpty() ? ScriptValue.NONE : arguments.get(0);
    Object second = arguments.size() < 2 ? ScriptValue.NONE : arguments.get(1);
    switch (name) {
      case "warn", "format":
        return ScriptValue.NONE;
      case "size":
        if (first instanceof ScriptNode node) {
          return arguments.size() > 1
              ? ScriptValue.UNKNOWN
              : Collections.nCopies(node.rank(), (Object) ScriptValue.UNKNOWN);
        }
        break;
      case "dim":
        if (first instanceof ScriptNode node) {
          return (long) node.rank();
        }
        break;
      case "len":
        if (first instanceof List<?> list) {
          return (long) list.size();
        }
        break;
      case "__is__":
        return (first == ScriptValue.NONE) == (second == ScriptValue.NONE);
      case "__isnot__":
        return (first == ScriptValue.NONE) != (second == ScriptValue.NONE);
      case "__not__":
        if (first instanceof Boolean truth) {
          return !truth;
        }
        break;
      case "__and__", "__or__":
        if (first instanceof Boolean a && second instanceof Boolean b) {
          return name.equals("__and__") ? a && b : a || b;
        }
        break;
      case "__getitem__":
        if (first instanceof List<?> list && second instanceof Long at && at < list.size()) {
          return list.get((int) Math.max(0, at));
        }
        break;
      case "list":
        return first instanceof List<?> list ? new ArrayList<>(list) : first;
      default:
        return arithmetic(name, first, second);
    }
    throw new ScriptProblem("calls torch." + name);
  }

  /** Numbers and words among the arguments, which tell what kind of operation it is. */
  private static String shown(Object second) {
    boolean plain = second instanceof Number || second instanceof String || second instanceof List;
    return plain ? " with " + second : "";
  }

  private static Object arithmetic(String name, Object first, Object second) {
    boolean known =
        List.of("add", "sub", "mul", "floordiv", "eq", "ne", "lt", "gt", "le", "ge").contains(name);
    boolean tensors = first instanceof ScriptNode || second instanceof ScriptNode;
    if (!known || tensors) {
      throw new ScriptProblem("calls torch." + name + shown(second));
    }
    if (name.equals("eq") && !(first instanceof Number) && first != ScriptValue.UNKNOWN) {
      return first.equals(second);
    }
    if (!(first instanceof Number a) || !(second instanceof Number b)) {
      return ScriptValue.UNKNOWN;
    }
    int order = Double.compare(a.doubleValue(), b.doubleValue());
    boolean whole = first instanceof Long && second instanceof Long;
    return switch (name) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "gt" -> order > 0;
      case "le" -> order <= 0;
      case "ge" -> order >= 0;
      case "add" -> whole ? (Object) (a.longValue() + b.longValue()) : ScriptValue.UNKNOWN;
      case "sub" -> whole ? (Object) (a.longValue() - b.longValue()) : ScriptValue.UNKNOWN;
      case "mul" -> whole ? (Object) (a.longValue() * b.longValue()) : ScriptValue.UNKNOWN;
      default ->
          whole && b.longValue() != 0
              ? (Object) Math.floorDiv(a.longValue(), b.longValue())
              : ScriptValue.UNKNOWN;
    };
  }
}
