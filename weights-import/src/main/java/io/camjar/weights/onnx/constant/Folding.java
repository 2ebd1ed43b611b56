package io.camjar.weights.onnx.constant;

import io.camjar.engine.kernel.Heap;
import io.camjar.weights.bytes.Malformed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes nodes whose inputs are all known when the model is read: the arithmetic of shapes that
 * exporters leave, and constants that they did not fold.
 */
public final class Folding {
  /** Elements of all constants together that are computed for one model, less in a small heap. */
  private static final long BUDGET = Math.min(1L << 26, Heap.largest() / 32);

  /** Elements that are read and products that are summed for one model. */
  private static final long STEPS = 1L << 28;

  /** Operations that give their input another shape or type, or ask for its shape. */
  private static final Set<String> READ_NOTHING =
      Set.of(
          "Identity",
          "Dropout",
          "Cast",
          "CastLike",
          "Shape",
          "Size",
          "Reshape",
          "Flatten",
          "Transpose",
          "Squeeze",
          "Unsqueeze");

  /** Operations that take parts of their first input, and read no more of it than they give. */
  private static final Set<String> PICK = Set.of("Slice", "Split", "Gather");

  /** Operations whose outputs are numbers of their inputs, each as it was. */
  public static boolean moves(String operation) {
    return READ_NOTHING.contains(operation)
        || PICK.contains(operation)
        || operation.equals("Concat");
  }

  private final long opset;
  private long computed;
  private long spent;

  /** For nodes of one version of the operators. */
  public Folding(long opset) {
    this.opset = opset;
  }

  /**
   * The outputs of a node, or empty if this operation is not computed at reading.
   *
   * @param inputs null where an optional input is left out
   */
  public Optional<List<Constant>> outputs(Attributes node, List<@Nullable Constant> inputs) {
    List<Constant> present = new ArrayList<>();
    for (Constant input : inputs) {
      if (input != null) {
        present.add(input);
      }
    }
    boolean picks = PICK.contains(node.node().operation());
    if (!READ_NOTHING.contains(node.node().operation())) {
      spend(present.stream().skip(picks ? 1 : 0).mapToLong(Constant::elements).sum());
    }
    List<Constant> outputs = compute(node, inputs, present);
    for (Constant output : outputs) {
      boolean made =
          present.stream().noneMatch(in -> in.tensor().storage() == output.tensor().storage());
      make(made ? output.elements() : 0);
      spend(made && picks ? output.elements() : 0);
    }
    return outputs.isEmpty() ? Optional.empty() : Optional.of(outputs);
  }

  private List<Constant> compute(
      Attributes node, List<@Nullable Constant> inputs, List<Constant> present) {
    String operation = node.node().operation();
    if (operation.equals("Constant")) {
      return List.of(constant(node));
    }
    if (present.isEmpty()) {
      return List.of();
    }
    Constant x = present.get(0);
    return switch (operation) {
      case "Identity" -> List.of(x);
      case "Dropout" -> drops(inputs) ? List.of() : List.of(x);
      case "Cast" -> List.of(cast(node, x));
      case "CastLike" -> List.of(x);
      case "Shape" -> List.of(shape(node, x.shape()));
      case "Size" -> List.of(Constant.ofIntegers(new long[] {x.elements()}));
      case "Reshape" -> List.of(reshape(node, x, required(inputs, 1)));
      case "Flatten" -> List.of(flatten(node, x));
      case "Transpose" -> List.of(transpose(node, x));
      case "Squeeze" -> List.of(squeeze(node, x, axes(node, inputs)));
      case "Unsqueeze" -> List.of(unsqueeze(node, x, axes(node, inputs)));
      case "Concat" ->
          List.of(FoldedPlaces.concat(present, Axes.of(node.integer("axis", 1), x.rank())));
      case "Gather" ->
          List.of(
              FoldedPlaces.gather(
                  x, Axes.of(node.integer("axis", 0), x.rank()), required(inputs, 1)));
      case "Slice" -> List.of(slice(SliceBounds.of(node, inputs, x.rank()), x));
      case "Split" -> split(node, inputs, x);
      case "Expand" -> List.of(FoldedPlaces.expand(x, required(inputs, 1).integers()));
      case "Tile" -> List.of(FoldedPlaces.tile(x, required(inputs, 1).integers()));
      case "Range" -> List.of(FoldedPlaces.range(x, required(inputs, 1), required(inputs, 2)));
      case "ConstantOfShape" -> List.of(filled(node, x));
      case "Where" -> List.of(FoldedArithmetic.where(x, required(inputs, 1), required(inputs, 2)));
      case "ScatterND" ->
          List.of(FoldedIndices.scatterNd(node, x, required(inputs, 1), required(inputs, 2)));
      case "ScatterElements", "Scatter" ->
          List.of(FoldedIndices.scatterElements(node, x, required(inputs, 1), required(inputs, 2)));
      case "GatherND" -> List.of(FoldedIndices.gatherNd(node, x, required(inputs, 1)));
      case "GatherElements" -> List.of(FoldedIndices.gatherElements(node, x, required(inputs, 1)));
      case "NonZero" -> List.of(FoldedIndices.nonZero(x));
      case "OneHot" ->
          List.of(FoldedIndices.oneHot(node, x, required(inputs, 1), required(inputs, 2)));
      case "CumSum" -> List.of(FoldedRows.cumulated(node, x, required(inputs, 1)));
      case "ArgMax", "ArgMin" -> List.of(FoldedRows.extreme(node, x, operation.equals("ArgMax")));
      case "Trilu" ->
          List.of(FoldedRows.triangle(node, x, optional(inputs, 1).orElse(0.0).longValue()));
      case "EyeLike" -> List.of(FoldedRows.identity(node, x));
      case "MatMul" -> List.of(FoldedRows.product(x, required(inputs, 1), this::spend));
      case "BatchNormalization" -> List.of(FoldedLayers.batchNorm(node, inputs));
      case "Conv" -> FoldedLayers.pointwise(node, inputs, this::spend).stream().toList();
      case "Clip" -> List.of(clip(node, x, inputs));
      case "ReduceProd",
          "ReduceMax",
          "ReduceMin",
          "ReduceSum",
          "ReduceMean",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare" ->
          List.of(reduce(node, x, axes(node, inputs)));
      default ->
          FoldedArithmetic.knows(operation)
              ? List.of(FoldedArithmetic.compute(node, present))
              : List.of();
    };
  }

  /**
   * Counts numbers that are made from constants, and kept.
   *
   * @throws Malformed if they are too many for one model
   */
  public void make(long elements) {
    computed += elements;
    if (elements < 0 || computed > BUDGET) {
      throw tooMuch(BUDGET);
    }
  }

  /** Counts what is read or summed up, so that no model keeps a reader busy for long. */
  private void spend(long steps) {
    spent += steps;
    if (steps < 0 || spent > STEPS) {
      throw tooMuch(STEPS);
    }
  }

  private static Malformed tooMuch(long limit) {
    return new Malformed(
        "computes more than " + limit + " numbers from constants before it sees an image",
        "fold the model's constants when you export it");
  }

  static Constant required(List<@Nullable Constant> inputs, int index) {
    Constant input = index < inputs.size() ? inputs.get(index) : null;
    if (input == null) {
      throw Malformed.damaged("a node lacks its input " + index);
    }
    return input;
  }

  private static Optional<Double> optional(List<@Nullable Constant> inputs, int index) {
    Constant input = index < inputs.size() ? inputs.get(index) : null;
    return Optional.ofNullable(input).map(Constant::scalar);
  }

  /** Limits are attributes before opset 11, inputs since. */
  private Constant clip(Attributes node, Constant x, List<@Nullable Constant> inputs) {
    boolean given = opset >= 11;
    double least = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    double low = given ? optional(inputs, 1).orElse(least) : node.real("min", least);
    double high = given ? optional(inputs, 2).orElse(most) : node.real("max", most);
    double[] values =
        Arrays.stream(x.values()).map(value -> Math.min(high, Math.max(low, value))).toArray();
    return Constant.of(x.floating(), values, x.shape());
  }

  /**
   * A reduction over some axes; where none are named over all, or over none if the node says so.
   */
  private static Constant reduce(Attributes node, Constant x, Optional<long[]> axes) {
    boolean none = axes.isEmpty() || axes.get().length == 0;
    if (none && node.flag("noop_with_empty_axes", false)) {
      return x;
    }
    return FoldedArithmetic.reduce(
        node.node().operation(),
        x,
        none ? Axes.all(x.rank()) : Axes.of(axes.orElseThrow(), x.rank()),
        node.flag("keepdims", true));
  }

  /** The value of a {@code Constant} node, in any of the forms that it may have. */
  private static Constant constant(Attributes node) {
    Optional<Constant> tensor = node.tensor("value");
    if (tensor.isPresent()) {
      return tensor.get();
    }
    if (node.has("value_float")) {
      return Constant.ofFloats(new double[] {node.real("value_float", 0)});
    }
    if (node.has("value_int")) {
      return Constant.ofIntegers(new long[] {node.integer("value_int", 0)});
    }
    if (node.has("value_ints")) {
      long[] values =
          node.integers("value_ints").orElseThrow().stream().mapToLong(v -> v).toArray();
      return Constant.ofIntegers(values, values.length);
    }
    if (node.has("value_floats")) {
      double[] values = node.reals("value_floats").stream().mapToDouble(v -> v).toArray();
      return Constant.ofFloats(values, values.length);
    }
    throw new Malformed(
        "has the constant '" + node.node().label() + "' in a form that camjar does not read",
        "export the model with its constants as dense tensors");
  }

  /**
   * Whether a {@code Dropout} drops values as in training: its third input says so since opset 12,
   * and its second is no share of 0.
   *
   * @param inputs null where an optional input is left out
   */
  public static boolean drops(List<@Nullable Constant> inputs) {
    return optional(inputs, 2).orElse(0.0) != 0 && optional(inputs, 1).orElse(0.5) != 0;
  }

  /** Whether a number of ONNX's types means floats. */
  public static boolean isFloating(long type) {
    return type == 1 || type == 10 || type == 11 || type == 16;
  }

  private static Constant cast(Attributes node, Constant x) {
    long to = node.integer("to", 1);
    boolean floating = isFloating(to);
    boolean truth = to == 9;
    if (floating == x.floating() && !truth) {
      return x;
    }
    double[] values = x.values();
    return truth
        ? Constant.of(false, Arrays.stream(values).map(v -> v == 0 ? 0 : 1).toArray(), x.shape())
        : Constant.of(floating, values, x.shape());
  }

  /** The shape, or the part of it between {@code start} and {@code end} (opset 15). */
  public static Constant shape(Attributes node, long[] shape) {
    int rank = shape.length;
    long start = node.integer("start", 0);
    long end = node.integer("end", rank);
    int from = (int) Math.max(0, Math.min(rank, start < 0 ? start + rank : start));
    int to = (int) Math.max(from, Math.min(rank, end < 0 ? end + rank : end));
    return Constant.ofIntegers(Arrays.copyOfRange(shape, from, to), to - from);
  }

  private static Constant reshape(Attributes node, Constant x, Constant target) {
    return x.reshaped(
        FoldedPlaces.reshaped(x.shape(), target.integers(), !node.flag("allowzero", false)));
  }

  private static Constant flatten(Attributes node, Constant x) {
    long axis = node.integer("axis", 1);
    int split = axis == x.rank() ? x.rank() : Axes.of(axis, x.rank());
    long rows = 1;
    for (int d = 0; d < split; d++) {
      rows *= x.shape()[d];
    }
    return x.reshaped(rows, rows == 0 ? 0 : x.elements() / rows);
  }

  private static Constant transpose(Attributes node, Constant x) {
    int[] order = Axes.all(x.rank());
    for (int d = 0; d < order.length; d++) {
      order[d] = x.rank() - 1 - d;
    }
    Optional<List<Long>> given = node.integers("perm");
    if (given.isPresent()) {
      order = given.get().stream().mapToInt(axis -> Axes.of(axis, x.rank())).toArray();
      Axes.of(given.get().stream().mapToLong(axis -> axis).toArray(), x.rank());
      if (order.length != x.rank()) {
        throw Malformed.damaged("node '" + node.node().label() + "' leaves dimensions out");
      }
    }
    return x.transposed(order);
  }

  /** The axes of a node: its attribute, or from opset 13 on its second input. */
  private static Optional<long[]> axes(Attributes node, List<@Nullable Constant> inputs) {
    Constant input = inputs.size() > 1 ? inputs.get(1) : null;
    return input != null
        ? Optional.of(input.integers())
        : node.integers("axes").map(axes -> axes.stream().mapToLong(axis -> axis).toArray());
  }

  private static Constant squeeze(Attributes node, Constant x, Optional<long[]> axes) {
    return x.reshaped(squeezed(node, x.shape(), axes));
  }

  /** The shape without some sides of 1, or without all. */
  public static long[] squeezed(Attributes node, long[] shape, Optional<long[]> axes) {
    int[] gone =
        axes.map(given -> Axes.of(given, shape.length))
            .orElseGet(
                () -> Arrays.stream(Axes.all(shape.length)).filter(d -> shape[d] == 1).toArray());
    for (int axis : gone) {
      if (shape[axis] != 1) {
        throw Malformed.damaged(
            "node '%s' squeezes a side of %d".formatted(node.node().label(), shape[axis]));
      }
    }
    return Axes.without(shape, gone);
  }

  private static Constant unsqueeze(Attributes node, Constant x, Optional<long[]> axes) {
    long[] given =
        axes.orElseThrow(
            () -> Malformed.damaged("node '" + node.node().label() + "' names no axes"));
    return x.reshaped(Axes.with(x.shape(), Axes.of(given, x.rank() + given.length)));
  }

  private static Constant slice(SliceBounds bounds, Constant x) {
    Constant result = x;
    for (int i = 0; i < bounds.axes().length; i++) {
      int axis = bounds.axes()[i];
      int[] places =
          FoldedPlaces.slice(
              x.shape()[axis], bounds.starts()[i], bounds.ends()[i], bounds.steps()[i]);
      result = FoldedPlaces.picked(result, axis, places);
    }
    return result;
  }

  private List<Constant> split(Attributes node, List<@Nullable Constant> inputs, Constant x) {
    int axis = Axes.of(node.integer("axis", 0), x.rank());
    long[] parts = SplitSizes.of(node, inputs.size() > 1 ? inputs.get(1) : null, x.shape()[axis]);
    List<Constant> outputs = new ArrayList<>();
    long begin = 0;
    for (long part : parts) {
      outputs.add(
          FoldedPlaces.picked(
              x, axis, FoldedPlaces.slice(x.shape()[axis], begin, begin + part, 1)));
      begin += part;
    }
    return outputs;
  }

  private static Constant filled(Attributes node, Constant shape) {
    long[] sides = shape.integers();
    double[] values = new double[BroadcastIndices.size(sides)];
    Optional<Constant> value = node.tensor("value");
    Arrays.fill(values, value.map(Constant::scalar).orElse(0.0));
    return Constant.of(value.map(Constant::floating).orElse(true), values, sides);
  }

  /** The version of the operators. */
  public long opset() {
    return opset;
  }
}
