package io.camjar.weights.onnx.constant;

import io.camjar.engine.op.Compare;
import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/** Arithmetic of constants, element by element. */
final class FoldedArithmetic {
  /** {@code Mod} with the sign of what is divided ({@code fmod}), as Java's own. */
  private static final String TRUNCATED = "Mod, fmod";

  private static final Map<String, DoubleUnaryOperator> UNARY =
      Map.of("Relu", x -> Math.max(x, 0), "IsNaN", x -> Double.isNaN(x) ? 1 : 0);

  private static final Map<String, DoubleBinaryOperator> BINARY =
      Map.ofEntries(
          Map.entry("Add", (a, b) -> a + b),
          Map.entry("Sub", (a, b) -> a - b),
          Map.entry("Mul", (a, b) -> a * b),
          Map.entry("Div", (a, b) -> a / b),
          Map.entry("Pow", Math::pow),
          Map.entry("Min", Math::min),
          Map.entry("Max", Math::max),
          Map.entry("Sum", Double::sum),
          Map.entry("Mean", Double::sum),
          Map.entry("Mod", (a, b) -> a - b * Math.floor(a / b)),
          Map.entry(TRUNCATED, (a, b) -> a % b),
          Map.entry("PRelu", (x, slope) -> x < 0 ? x * slope : x));

  private static final Map<String, DoubleBinaryOperator> TRUTHS =
      Arrays.stream(Compare.Relation.values())
          .map(Compare::new)
          .collect(Collectors.toMap(Compare::kind, relation -> relation::value));

  private FoldedArithmetic() {}

  static boolean knows(String operation) {
    return ScalarFunctions.knows(operation)
        || UNARY.containsKey(operation)
        || BINARY.containsKey(operation)
        || TRUTHS.containsKey(operation);
  }

  static Constant compute(Attributes node, List<Constant> inputs) {
    String operation = node.node().operation();
    boolean scalar = ScalarFunctions.knows(operation);
    DoubleUnaryOperator unary = scalar ? ScalarFunctions.of(node)::value : UNARY.get(operation);
    if (unary != null && !inputs.isEmpty()) {
      Constant x = inputs.get(0);
      boolean floating = x.floating() && !operation.equals("IsNaN") && !operation.equals("Not");
      return Constant.of(floating, Arrays.stream(x.values()).map(unary).toArray(), x.shape());
    }
    if (operation.equals("Mod") && node.flag("fmod", false)) {
      operation = TRUNCATED;
    }
    DoubleBinaryOperator binary = BINARY.getOrDefault(operation, TRUTHS.get(operation));
    if (binary == null || inputs.isEmpty()) {
      throw Malformed.damaged("an operation " + operation + " has no inputs");
    }
    Constant result = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      result = combine(operation, binary, result, inputs.get(i));
    }
    return operation.equals("Mean") ? scaled(result, 1.0 / inputs.size()) : result;
  }

  private static Constant scaled(Constant x, double factor) {
    double[] values = Arrays.stream(x.values()).map(value -> value * factor).toArray();
    return Constant.of(x.floating(), values, x.shape());
  }

  private static Constant combine(
      String operation, DoubleBinaryOperator f, Constant a, Constant b) {
    long[] shape = BroadcastIndices.shape(a.shape(), b.shape());
    int[] left = BroadcastIndices.places(a.shape(), shape);
    int[] right = BroadcastIndices.places(b.shape(), shape);
    double[] x = a.values();
    double[] y = b.values();
    double[] result = new double[left.length];
    boolean floating = a.floating() && !TRUTHS.containsKey(operation);
    if (operation.equals("Div") && !a.floating()) {
      divide(x, left, y, right, result);
    } else {
      for (int i = 0; i < result.length; i++) {
        result[i] = f.applyAsDouble(x[left[i]], y[right[i]]);
      }
    }
    return Constant.of(floating, result, shape);
  }

  /** Integers are divided towards zero. */
  private static void divide(double[] x, int[] left, double[] y, int[] right, double[] result) {
    for (int i = 0; i < result.length; i++) {
      long divisor = (long) y[right[i]];
      if (divisor == 0) {
        throw Malformed.damaged("a shape is computed by a division by zero");
      }
      result[i] = (long) x[left[i]] / divisor;
    }
  }

  /** {@code Where}: the second where the first holds, else the third. */
  static Constant where(Constant condition, Constant a, Constant b) {
    long[] shape =
        BroadcastIndices.shape(condition.shape(), BroadcastIndices.shape(a.shape(), b.shape()));
    int[] asked = BroadcastIndices.places(condition.shape(), shape);
    int[] left = BroadcastIndices.places(a.shape(), shape);
    int[] right = BroadcastIndices.places(b.shape(), shape);
    double[] holds = condition.values();
    double[] x = a.values();
    double[] y = b.values();
    double[] result = new double[asked.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = holds[asked[i]] != 0 ? x[left[i]] : y[right[i]];
    }
    return Constant.of(a.floating(), result, shape);
  }

  /** A reduction over axes. */
  static Constant reduce(String operation, Constant x, int[] axes, boolean keepDims) {
    long[] kept = x.shape();
    for (int axis : axes) {
      kept[axis] = 1;
    }
    int[] places = BroadcastIndices.places(kept, x.shape());
    double[] values = x.values();
    double[] result = new double[BroadcastIndices.size(kept)];
    Arrays.fill(
        result,
        switch (operation) {
          case "ReduceProd" -> 1;
          case "ReduceMax" -> Double.NEGATIVE_INFINITY;
          case "ReduceMin" -> Double.POSITIVE_INFINITY;
          default -> 0;
        });
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      int place = places[i];
      result[place] =
          switch (operation) {
            case "ReduceProd" -> result[place] * value;
            case "ReduceMax" -> Math.max(result[place], value);
            case "ReduceMin" -> Math.min(result[place], value);
            case "ReduceL1" -> result[place] + Math.abs(value);
            case "ReduceL2", "ReduceSumSquare" -> result[place] + value * value;
            default -> result[place] + value;
          };
    }
    if (operation.equals("ReduceL2")) {
      Arrays.setAll(result, i -> Math.sqrt(result[i]));
    }
    if (operation.equals("ReduceMean")) {
      for (int i = 0; i < result.length; i++) {
        result[i] /= (double) values.length / result.length;
      }
    }
    return Constant.of(x.floating(), result, keepDims ? kept : Axes.without(x.shape(), axes));
  }
}
