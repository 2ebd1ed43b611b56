package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.BroadcastIndices;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Products of matrices. */
final class MatrixNodes {
  /** Sides that an equation has no letters for. */
  private static final String REST = "...";

  private MatrixNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "Gemm", single(MatrixNodes::gemm),
          "MatMul", single(MatrixNodes::matMul),
          "Einsum", single(MatrixNodes::einsum));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** {@code alpha A' B' + beta C}; both factors are 1 where the file does not give them. */
  private static Value gemm(Call call) {
    Attributes node = call.attributes();
    if (!call.isTraced(0) || call.isTraced(1)) {
      throw call.refuse("multiplies other matrices than features by weights");
    }
    if (node.flag("transA", false)) {
      throw call.refuse("transposes the features");
    }
    Constant b = matrix(call);
    Constant weight = node.flag("transB", false) ? b : b.transposed(1, 0);
    double alpha = node.real("alpha", 1);
    double beta = node.real("beta", 1);
    Optional<Constant> row =
        call.has(2) && !call.isTraced(2) ? row(call, weight, beta) : Optional.empty();
    call.weight("weight", alpha == 1 ? weight : scaled(weight, alpha));
    if (call.has(2) && row.isEmpty()) {
      throw call.refuse("adds other numbers to each image's scores");
    }
    row.ifPresent(bias -> call.weight("bias", bias));
    return call.emit(linear(call, weight, row.isPresent()), call.x());
  }

  /** Features by weights is a linear layer; anything else a product of two tensors. */
  private static Value matMul(Call call) {
    if (call.isTraced(0) && !call.isTraced(1) && call.constant(1).rank() == 2) {
      Constant weight = matrix(call).transposed(1, 0);
      call.weight("weight", weight);
      return call.emit(linear(call, weight, false), call.x());
    }
    List<Traced> both = call.inputs(2);
    Traced a = both.get(0);
    Traced b = both.get(1);
    if (a.rank() > 1 && b.rank() > 1) {
      return call.emit(new MatMul(), a, b);
    }
    // A vector is a matrix of one row in front and of one column behind, a side that goes again.
    Traced y = call.before(new MatMul(), matrix(call, a, 0), matrix(call, b, 1));
    int gone = y.rank() - (b.rank() == 1 ? 1 : 2);
    return PlaceNodes.shaped(
        call, y, PlaceNodes.to(y, sides -> Axes.without(sides, new int[] {gone})));
  }

  /** A vector with a side of 1 at this place; a matrix as it is. */
  private static Traced matrix(Call call, Traced value, int place) {
    return value.rank() > 1
        ? value
        : call.before(
            place == 0 ? Reshape.of(1L, Reshape.axis(0)) : Reshape.of(Reshape.axis(0), 1L), value);
  }

  /**
   * A sum over products that is a product of matrices with sides in another order, as attention
   * writes it: {@code bhid,bhjd->bhij}. One side is summed over, one is the second operand's alone;
   * sides of both that stay are matrices side by side.
   */
  private static Value einsum(Call call) {
    String equation = call.attributes().text("equation", "").replace(" ", "");
    String[] terms = equation.split(",|->", -1);
    boolean pair = call.arity() == 2 && terms.length == 3 && equation.contains("->");
    if (!pair || !Arrays.stream(terms).allMatch(MatrixNodes::isLabels)) {
      throw call.refuse("computes '%s', which is no product of two matrices".formatted(equation));
    }
    List<Traced> both = call.inputs(2);
    Traced a = both.get(0);
    Traced b = both.get(1);
    boolean named = terms[0].contains(REST);
    int unnamed = (named ? a.rank() - terms[0].length() : b.rank() - terms[1].length()) + 3;
    Side left = new Side(a, named(terms[0], unnamed));
    Side right = new Side(b, named(terms[1], unnamed));
    String out = named(terms[2], unnamed);
    return product(call, left, right, out)
        .or(() -> product(call, right, left, out))
        .orElseThrow(
            () ->
                call.refuse(
                    "computes '%s', which is no product of two matrices".formatted(equation)));
  }

  /** An operand of a sum over products, with a letter for each side. */
  private record Side(Traced value, String labels) {}

  /** The sum over products as a product of these in this order; empty if it is none. */
  private static Optional<Value> product(Call call, Side a, Side b, String out) {
    String left = a.labels;
    String right = b.labels;
    String shared = labels(left, label -> has(right, label) && has(out, label));
    String summed = labels(left, label -> has(right, label) && !has(out, label));
    String rows = labels(left, label -> !has(right, label) && has(out, label));
    String columns = labels(right, label -> !has(left, label) && has(out, label));
    boolean product =
        summed.length() == 1
            && columns.length() == 1
            && (rows.length() == 1 || (rows.length() > 1 && shared.isEmpty()))
            && left.length() == shared.length() + rows.length() + 1
            && right.length() == shared.length() + 2
            && out.length() == shared.length() + rows.length() + 1
            && a.value.rank() == left.length()
            && b.value.rank() == right.length();
    if (!product) {
      return Optional.empty();
    }
    Traced first = ordered(call, a.value, left, shared + rows + summed);
    Traced second = ordered(call, b.value, right, shared + summed + columns);
    String given = shared + rows + columns;
    if (given.equals(out)) {
      return Optional.of(call.emit(new MatMul(), first, second));
    }
    Traced y = call.before(new MatMul(), first, second);
    return Optional.of(call.emit(new Transpose(places(given, out)), y));
  }

  /** Whether a term has one letter a side, each once, and maybe dots for the other sides. */
  private static boolean isLabels(String term) {
    int dots = term.indexOf(REST);
    String letters = dots < 0 ? term : term.substring(0, dots) + term.substring(dots + 3);
    return letters.chars().allMatch(c -> c < 128 && Character.isLetter(c))
        && letters.chars().distinct().count() == letters.length();
  }

  /** A term with letters for so many sides that its dots stand for. */
  private static String named(String term, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append((char) ('\u03b1' + i));
    }
    return term.replace(REST, letters);
  }

  private static boolean has(String term, int label) {
    return term.indexOf(label) >= 0;
  }

  private static String labels(String term, IntPredicate which) {
    StringBuilder some = new StringBuilder();
    term.chars().filter(which).forEach(some::appendCodePoint);
    return some.toString();
  }

  /** A value with its sides in the order of these labels. */
  private static Traced ordered(Call call, Traced value, String labels, String wanted) {
    return labels.equals(wanted)
        ? value
        : call.before(new Transpose(places(labels, wanted)), value);
  }

  private static List<Integer> places(String labels, String wanted) {
    return wanted.chars().mapToObj(labels::indexOf).toList();
  }

  private static Constant matrix(Call call) {
    Constant b = call.constant(1);
    if (b.rank() != 2 || b.elements() == 0) {
      throw call.refuse("multiplies by a tensor of %d dimensions".formatted(b.rank()));
    }
    return b;
  }

  private static Linear linear(Call call, Constant weight, boolean bias) {
    long[] shape = weight.shape();
    if (shape[0] > Integer.MAX_VALUE || shape[1] > Integer.MAX_VALUE) {
      throw Malformed.damaged("node '" + call.node().label() + "' has a side beyond 32 bits");
    }
    return new Linear((int) shape[1], (int) shape[0], bias);
  }

  /** The bias as one number a score, if it is the same for every image. */
  private static Optional<Constant> row(Call call, Constant weight, double beta) {
    Constant c = call.constant(2);
    long out = weight.shape()[0];
    long[] shape = c.shape();
    for (int d = 0; d < shape.length - 1; d++) {
      if (shape[d] != 1) {
        return Optional.empty();
      }
    }
    if (c.elements() != 1 && c.elements() != out) {
      return Optional.empty();
    }
    if (c.elements() == out && beta == 1) {
      return Optional.of(c.reshaped(out));
    }
    double[] values = c.values();
    double[] row = new double[BroadcastIndices.size(new long[] {out})];
    Arrays.setAll(row, i -> beta * values[values.length == 1 ? 0 : i]);
    return Optional.of(Constant.ofFloats(row, out));
  }

  private static Constant scaled(Constant weight, double by) {
    double[] values = weight.values();
    Arrays.setAll(values, i -> by * values[i]);
    return Constant.ofFloats(values, weight.shape());
  }
}
