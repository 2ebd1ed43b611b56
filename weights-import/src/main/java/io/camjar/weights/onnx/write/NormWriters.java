package io.camjar.weights.onnx.write;

import io.camjar.engine.op.GeM;
import io.camjar.engine.op.GroupNorm;
import io.camjar.engine.op.L2Normalize;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.LocalResponseNorm;
import io.camjar.weights.onnx.write.Nodes.Attribute;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Arrays;
import java.util.List;

/** Normalisations by statistics of the image itself, and generalised means. */
final class NormWriters {
  private NormWriters() {}

  static void register(Writers writers) {
    writers.add(LayerNorm.class, NormWriters::layer);
    writers.add(LayerNorm2d.class, NormWriters::channels);
    writers.add(GroupNorm.class, NormWriters::group);
    writers.add(LocalResponseNorm.class, NormWriters::neighbours);
    writers.add(L2Normalize.class, NormWriters::length);
    writers.add(GeM.class, NormWriters::generalisedMean);
  }

  /**
   * ONNX's LRN has windows of odd sizes alone; others are written out, as PyTorch's exporter does.
   */
  private static String neighbours(LocalResponseNorm op, Writing here) {
    if (op.size() % 2 == 1) {
      return here.last(
          "LRN",
          Attribute.of("size", op.size()),
          Attribute.of("alpha", op.alpha()),
          Attribute.of("beta", op.beta()),
          Attribute.of("bias", op.k()));
    }
    long before = op.size() / 2;
    String one = here.integers("axis", 1);
    String squares = here.before("squares", "Mul", List.of(here.input(), here.input()));
    String deep = here.before("deep", "Unsqueeze", List.of(squares, one));
    String widths = here.integers("widths", 0, 0, before, 0, 0, 0, 0, before - 1, 0, 0);
    String framed = here.before("framed", "Pad", List.of(deep, widths));
    String pooled =
        here.before(
            "pooled",
            "AveragePool",
            List.of(framed),
            Attribute.of("kernel_shape", op.size(), 1, 1));
    String means = here.before("means", "Squeeze", List.of(pooled, one));
    String scaled = here.before("scaled", "Mul", List.of(means, here.real("alpha", op.alpha())));
    String base = here.before("base", "Add", List.of(scaled, here.real("k", op.k())));
    String power = here.before("power", "Pow", List.of(base, here.real("beta", op.beta())));
    return here.last("Div", List.of(here.input(), power));
  }

  private static String layer(LayerNorm op, Writing here) {
    long[] sides = op.sides().stream().mapToLong(side -> side).toArray();
    double[] ones = new double[(int) Shapes.elements(sides)];
    Arrays.fill(ones, 1);
    return here.last(
        "LayerNormalization",
        op.affine()
            ? here.with("weight", "bias")
            : List.of(here.input(), here.reals("ones", ones, sides)),
        Attribute.of("axis", -sides.length),
        Attribute.of("epsilon", op.eps()));
  }

  /** ONNX normalises over last sides, so channels go there and back. */
  private static String channels(LayerNorm2d op, Writing here) {
    String last = here.before("last", "Transpose", here.inputs(), Attribute.of("perm", 0, 2, 3, 1));
    String norm =
        here.before(
            "norm",
            "LayerNormalization",
            List.of(last, here.parameter("weight"), here.parameter("bias")),
            Attribute.of("axis", -1),
            Attribute.of("epsilon", op.eps()));
    return here.last("Transpose", List.of(norm), Attribute.of("perm", 0, 3, 1, 2));
  }

  /** An instance norm of as many rows as there are groups, then weight and bias a channel. */
  private static String group(GroupNorm op, Writing here) {
    double[] ones = new double[op.groups()];
    Arrays.fill(ones, 1);
    String rows =
        here.before(
            "groups", "Reshape", List.of(here.input(), here.integers("rows", 0, op.groups(), -1)));
    String norm =
        here.before(
            "norm",
            "InstanceNormalization",
            List.of(
                rows,
                here.reals("ones", ones, op.groups()),
                here.reals("zeros", new double[op.groups()], op.groups())),
            Attribute.of("epsilon", op.eps()));
    String shape = here.before("shape", "Shape", here.inputs());
    if (!op.affine()) {
      return here.last("Reshape", List.of(norm, shape));
    }
    String back = here.before("back", "Reshape", List.of(norm, shape));
    String scaled = here.before("scaled", "Mul", List.of(back, ofChannels("weight", here)));
    return here.last("Add", List.of(scaled, ofChannels("bias", here)));
  }

  /** A parameter a channel, with sides of 1 behind it. */
  private static String ofChannels(String name, Writing here) {
    TensorEntry values = here.weight(name);
    long[] shape = new long[Math.max(1, here.shape().rank() - 1)];
    Arrays.fill(shape, 1);
    shape[0] = values.elements();
    return here.constant(
        name,
        new TensorEntry(
            "", values.storage(), values.offset(), shape, Shapes.rowMajorStrides(shape)));
  }

  private static String length(L2Normalize op, Writing here) {
    String length =
        here.before(
            "length",
            "ReduceL2",
            here.inputs(),
            Attribute.of("axes", new long[] {op.axis()}),
            Attribute.of("keepdims", 1));
    String least = here.before("least", "Clip", List.of(length, here.real("eps", op.eps())));
    return here.last("Div", List.of(here.input(), least));
  }

  /** {@code mean(max(x, eps)^p)^(1/p)}. */
  private static String generalisedMean(GeM op, Writing here) {
    String p = here.parameter("p");
    String least = here.before("least", "Clip", List.of(here.input(), here.real("eps", op.eps())));
    String powers = here.before("powers", "Pow", List.of(least, p));
    String mean = here.before("mean", "GlobalAveragePool", List.of(powers));
    String root = here.before("root", "Reciprocal", List.of(p));
    return here.last("Pow", List.of(mean, root));
  }
}
