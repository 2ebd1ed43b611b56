package io.camjar.engine.op;

import static java.util.Map.entry;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.Pointwise.Function;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The operations of {@link OperationTests} by golden file and case. */
final class OperationCases {
  private OperationCases() {}

  /** Cases whose inputs must be positive. */
  static final Set<String> POSITIVE =
      Set.of("log", "sqrt", "reciprocal", "power", "gem", "div-channels", "div-both");

  static final Map<String, Map<String, Op>> FILES =
      Map.ofEntries(
          entry("activations", activations()),
          entry("arithmetic", arithmetic()),
          entry("choices", choices()),
          entry("places", places()),
          entry("norms", norms()),
          entry("pools", pools()));

  private static Map<String, Op> activations() {
    Map<String, Op> all = new HashMap<>();
    Map<String, Op> both =
        Map.ofEntries(
            entry("sigmoid", new Sigmoid()),
            entry("tanh", new Tanh()),
            entry("gelu", new GELU(false)),
            entry("gelu-tanh", new GELU(true)),
            entry("hardswish", new Hardswish()),
            entry("hardsigmoid", new Hardsigmoid()),
            entry("leaky-relu", new LeakyReLU(0.2)),
            entry("elu", new ELU(0.7)),
            entry("relu6", Clip.relu6()),
            entry("clip", new Clip(-0.4, 0.3)),
            entry("abs", new Pointwise(Function.ABS)),
            entry("neg", new Pointwise(Function.NEG)),
            entry("erf", new Pointwise(Function.ERF)),
            entry("softplus", new Pointwise(Function.SOFTPLUS)),
            entry("mish", new Pointwise(Function.MISH)),
            entry("selu", SELU.standard()),
            entry("celu", new CELU(0.4)),
            entry("softsign", new Pointwise(Function.SOFTSIGN)),
            entry("hardshrink", new Shrink(0.7, 0)),
            entry("softshrink", new Shrink(0.7, 0.7)),
            entry("threshold", new Threshold(0.3)));
    both.forEach(
        (name, op) -> {
          all.put(name, op);
          all.put(name + "-wide", op);
        });
    all.put("selu-kinks", SELU.standard());
    all.put("celu-kinks", new CELU(0.4));
    all.put("hardshrink-kinks", new Shrink(0.5, 0));
    all.put("softshrink-kinks", new Shrink(0.5, 0.5));
    all.put("threshold-kinks", new Threshold(0.5));
    all.put("exp", new Pointwise(Function.EXP));
    all.put("log", new Pointwise(Function.LOG));
    all.put("sqrt", new Pointwise(Function.SQRT));
    all.put("reciprocal", new Pointwise(Function.RECIPROCAL));
    all.put("power", new Power(1.7));
    all.put("square", new Power(2));
    all.put("prelu", new PReLU(1));
    all.put("prelu-channels", new PReLU(3));
    all.put("softmax-last", new Softmax(-1));
    all.put("softmax-channels", new Softmax(1));
    all.put("softmax-wide", new Softmax(1));
    all.put("log-softmax-last", new LogSoftmax(-1));
    all.put("log-softmax-channels", new LogSoftmax(1));
    all.put("log-softmax-wide", new LogSoftmax(1));
    return all;
  }

  private static Map<String, Op> arithmetic() {
    Map<String, Op> all = new HashMap<>();
    Map<String, Op> extremes = Map.of("maximum", new Maximum(), "minimum", new Minimum());
    extremes.forEach(
        (name, op) ->
            List.of("tied", "tied-repeated", "blocks")
                .forEach(kind -> all.put(name + "-" + kind, op)));
    Map<String, Op> repeating = new HashMap<>(extremes);
    repeating.putAll(Map.of("add", new Add(), "sub", new Sub(), "mul", new Mul()));
    repeating.forEach(
        (name, op) ->
            List.of("alike", "channels", "first-repeated", "both", "scalar")
                .forEach(kind -> all.put(name + "-" + kind, op)));
    all.put("div-channels", new Div());
    all.put("div-both", new Div());
    return all;
  }

  private static Map<String, Op> choices() {
    Map<String, Op> all = new HashMap<>();
    for (Compare.Relation relation : Compare.Relation.values()) {
      String name = relation.name().toLowerCase(Locale.ROOT).replace('_', '-');
      all.put(name, new Compare(relation));
      all.put(name + "-repeated", new Compare(relation));
    }
    List.of("where", "where-repeated", "where-scalars").forEach(name -> all.put(name, new Where()));
    List.of(
            Function.SIN,
            Function.COS,
            Function.SIGN,
            Function.FLOOR,
            Function.CEIL,
            Function.ROUND,
            Function.NOT)
        .forEach(
            function -> all.put(function.name().toLowerCase(Locale.ROOT), new Pointwise(function)));
    return all;
  }

  private static Map<String, Op> places() {
    Map<String, Op> all = new HashMap<>();
    all.put("concat-channels", new Concat(1));
    all.put("concat-last", new Concat(-1));
    all.put("concat-one", new Concat(1));
    all.put("concat-batch", new Concat(0));
    all.put("slice", new Slice(1, 1, 3, 1));
    all.put("slice-step", new Slice(3, 0, Long.MAX_VALUE, 2));
    all.put("slice-from-the-end", new Slice(2, -3, -1, 1));
    all.put("slice-outside", new Slice(1, 1, 1000, 1));
    all.put("slice-backward", new Slice(2, -1, Long.MIN_VALUE / 2, -2));
    all.put("transpose", Transpose.of(0, 2, 3, 1));
    all.put("transpose-cycle", Transpose.of(2, 0, 1));
    all.put("reshape", Reshape.of(-1L, 6L, 10L));
    all.put("reshape-keeps", Reshape.of(0L, -1L, 5L));
    all.put("flatten", new Flatten());
    all.put("flatten-places", new Flatten(2));
    all.put("expand", Expand.of(2L, -1L, 4L));
    all.put("expand-more-sides", Expand.of(2L, 3L, 4L));
    all.put("expand-to-batch", Expand.of(0L, -1L, -1L));
    List<Long> before = List.of(0L, 0L, 3L, 1L);
    List<Long> after = List.of(0L, 0L, 0L, 2L);
    all.put("pad-constant", new Pad(Pad.Mode.CONSTANT, before, after, 0.5));
    all.put("pad-reflect", new Pad(Pad.Mode.REFLECT, before, after, 0));
    all.put("pad-edge", new Pad(Pad.Mode.EDGE, before, after, 0));
    all.put(
        "pad-crops",
        new Pad(Pad.Mode.CONSTANT, List.of(0L, 1L, 0L, -1L), List.of(0L, 0L, -2L, 2L), 0));
    for (Resize.Mode mode : Resize.Mode.values()) {
      String name = mode.name().toLowerCase(Locale.ROOT);
      all.put(name + "-up", Resize.to(mode, false, 9, 7));
      all.put(name + "-down", Resize.to(mode, false, 3, 2));
      all.put(name + "-scale", Resize.by(mode, false, 2.5, 1.7));
      if (mode != Resize.Mode.NEAREST) {
        all.put(name + "-corners", Resize.to(mode, true, 7, 1));
      }
    }
    all.put("pixel-shuffle", new PixelShuffle(3, PixelOrder.CHANNELS_FIRST));
    all.put("pixel-shuffle-places-first", new PixelShuffle(2, PixelOrder.PLACES_FIRST));
    all.put("pixel-unshuffle", new PixelUnshuffle(3, PixelOrder.CHANNELS_FIRST));
    all.put("pixel-unshuffle-places-first", new PixelUnshuffle(2, PixelOrder.PLACES_FIRST));
    all.put("mean", Reduce.of(Reduce.Kind.MEAN, 2, 3));
    all.put("mean-kept", new Reduce(Reduce.Kind.MEAN, List.of(1, -1), true));
    all.put("mean-all", new Reduce(Reduce.Kind.MEAN, List.of(), true));
    all.put("sum", Reduce.of(Reduce.Kind.SUM, 0, 2));
    all.put("max", Reduce.of(Reduce.Kind.MAX, 2, 3));
    all.put("max-tied", new Reduce(Reduce.Kind.MAX, List.of(-1), true));
    all.put("matmul", new MatMul());
    all.put("matmul-heads", new MatMul());
    all.put("matmul-one-right", new MatMul());
    all.put("matmul-repeated", new MatMul());
    all.put("linear-tokens", new Linear(5, 3, true));
    all.put("linear-grid", new Linear(5, 3, false));
    all.put("linear-one", new Linear(5, 3, true));
    return all;
  }

  private static Map<String, Op> norms() {
    return Map.ofEntries(
        entry("layer-norm", LayerNorm.of(5, 1e-6)),
        entry("layer-norm-two-sides", new LayerNorm(List.of(3L, 4L), 1e-5, true)),
        entry("layer-norm-without-weight", new LayerNorm(List.of(5L), 1e-5, false)),
        entry("layer-norm-2d", new LayerNorm2d(6, 1e-6)),
        entry("group-norm", new GroupNorm(3, 6, 1e-5, true)),
        entry("group-norm-one", new GroupNorm(1, 6, 1e-5, false)),
        entry("group-norm-features", new GroupNorm(2, 6, 1e-5, true)),
        entry("instance-norm", GroupNorm.instance(6, 1e-5, false)),
        entry("instance-norm-weight", GroupNorm.instance(6, 1e-5, true)),
        entry("local-response-norm", new LocalResponseNorm(3, 0.3, 0.75, 1)),
        entry("local-response-norm-even", new LocalResponseNorm(4, 0.5, 0.6, 2)),
        entry("l2-normalize", new L2Normalize(1, 1e-12)),
        entry("l2-normalize-short", new L2Normalize(-1, 1.2)),
        entry("gem", new GeM(1e-6)));
  }

  private static Map<String, Op> pools() {
    Pool2dGeometry padded = Pool2dGeometry.square(3, 2, 1);
    Pool2dGeometry unpadded = Pool2dGeometry.square(3, 2, 0);
    Pool2dGeometry uneven = new Pool2dGeometry(3, 3, 2, 2, 1, 0, false);
    Map<String, Op> all = new HashMap<>();
    all.put("average-counted", new AvgPool2d(padded).withCountedPadding());
    all.put("average-counted-ceil", new AvgPool2d(ceil(padded)).withCountedPadding());
    all.put("average-not-counted", new AvgPool2d(padded));
    all.put("average-not-counted-ceil", new AvgPool2d(ceil(Pool2dGeometry.square(2, 2, 0))));
    all.put(
        "average-ceil-overhangs",
        new AvgPool2d(new Pool2dGeometry(2, 3, 3, 2, 1, 0, true)).withCountedPadding());
    all.put("average-divisor", new AvgPool2d(padded).withDivisor(5));
    all.put("average-uneven", new AvgPool2d(uneven).withPaddingAfter(2, 1).withCountedPadding());
    all.put("max-dilated", new MaxPool2d(Pool2dGeometry.square(2, 1, 1)).withDilation(2, 2));
    all.put("max-ceil", new MaxPool2d(ceil(unpadded)));
    all.put(
        "max-dilated-ceil",
        new MaxPool2d(new Pool2dGeometry(3, 2, 2, 2, 1, 1, true)).withDilation(1, 3));
    all.put("max-uneven", new MaxPool2d(uneven).withPaddingAfter(2, 1));
    for (int[] size : new int[][] {{3, 2}, {7, 7}, {9, 1}}) {
      String name = size[0] + "x" + size[1];
      all.put("adaptive-average-" + name, new AdaptiveAvgPool2d(size[0], size[1]));
      all.put("adaptive-max-" + name, new AdaptiveMaxPool2d(size[0], size[1]));
    }
    return all;
  }

  private static Pool2dGeometry ceil(Pool2dGeometry g) {
    return new Pool2dGeometry(
        g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), g.padH(), g.padW(), true);
  }
}
