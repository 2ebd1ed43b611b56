package io.camjar.weights.onnx.write;

import io.camjar.engine.op.CELU;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.LogSoftmax;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Power;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.Shrink;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Tanh;
import io.camjar.engine.op.Threshold;
import io.camjar.weights.onnx.write.Nodes.Attribute;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Arrays;
import java.util.List;

/** Functions of single values, and softmax. */
final class ActivationWriters {
  private ActivationWriters() {}

  static void register(Writers writers) {
    writers.add(ReLU.class, (op, here) -> here.last("Relu"));
    writers.add(
        SiLU.class, (op, here) -> times(here, here.before("sigmoid", "Sigmoid", here.inputs())));
    writers.add(Sigmoid.class, (op, here) -> here.last("Sigmoid"));
    writers.add(Tanh.class, (op, here) -> here.last("Tanh"));
    writers.add(Hardswish.class, (op, here) -> here.last("HardSwish"));
    writers.add(
        Hardsigmoid.class,
        (op, here) ->
            here.last(
                "HardSigmoid", Attribute.of("alpha", op.alpha()), Attribute.of("beta", op.beta())));
    writers.add(
        LeakyReLU.class, (op, here) -> here.last("LeakyRelu", Attribute.of("alpha", op.slope())));
    writers.add(ELU.class, (op, here) -> here.last("Elu", Attribute.of("alpha", op.alpha())));
    writers.add(
        SELU.class,
        (op, here) ->
            here.last(
                "Selu", Attribute.of("alpha", op.alpha()), Attribute.of("gamma", op.scale())));
    writers.add(CELU.class, (op, here) -> here.last("Celu", Attribute.of("alpha", op.alpha())));
    writers.add(
        Shrink.class,
        (op, here) ->
            here.last(
                "Shrink", Attribute.of("lambd", op.lambd()), Attribute.of("bias", op.bias())));
    writers.add(
        Threshold.class,
        (op, here) -> here.last("ThresholdedRelu", Attribute.of("alpha", op.threshold())));
    writers.add(PReLU.class, ActivationWriters::prelu);
    writers.add(Clip.class, ActivationWriters::clip);
    writers.add(GELU.class, ActivationWriters::gelu);
    writers.add(Pointwise.class, ActivationWriters::pointwise);
    writers.add(
        Power.class,
        (op, here) ->
            here.last("Pow", List.of(here.input(), here.real("exponent", op.exponent()))));
    writers.add(Scale.class, (op, here) -> times(here, here.real("factor", op.factor())));
    writers.add(Softmax.class, (op, here) -> here.last("Softmax", Attribute.of("axis", op.axis())));
    writers.add(
        LogSoftmax.class, (op, here) -> here.last("LogSoftmax", Attribute.of("axis", op.axis())));
  }

  private static String times(Writing here, String factor) {
    return here.last("Mul", List.of(here.input(), factor));
  }

  /** Slopes lie along the channels, with sides of 1 behind them. */
  private static String prelu(PReLU op, Writing here) {
    TensorEntry slopes = here.weight("weight");
    long[] shape = new long[Math.max(1, here.shape().rank() - 1)];
    Arrays.fill(shape, 1);
    shape[0] = slopes.elements();
    TensorEntry shaped =
        new TensorEntry(
            "", slopes.storage(), slopes.offset(), shape, Shapes.rowMajorStrides(shape));
    return here.last("PRelu", List.of(here.input(), here.constant("weight", shaped)));
  }

  private static String clip(Clip op, Writing here) {
    String min = Double.isInfinite(op.min()) ? "" : here.real("min", op.min());
    String max = Double.isInfinite(op.max()) ? "" : here.real("max", op.max());
    return here.last("Clip", List.of(here.input(), min, max));
  }

  /** {@code 0.5 x (1 + erf(x / sqrt(2)))}, or the formula with tanh. */
  private static String gelu(GELU op, Writing here) {
    String inner =
        op.tanh()
            ? here.before("tanh", "Tanh", List.of(cubic(here)))
            : here.before(
                "erf",
                "Erf",
                List.of(
                    here.before(
                        "scaled",
                        "Mul",
                        List.of(here.input(), here.real("root", Math.sqrt(0.5))))));
    String sum = here.before("sum", "Add", List.of(inner, here.real("one", 1)));
    String half = here.before("half", "Mul", List.of(sum, here.real("two", 0.5)));
    return times(here, half);
  }

  /** {@code sqrt(2 / pi) (x + 0.044715 x^3)}. */
  private static String cubic(Writing here) {
    String cube = here.before("cube", "Pow", List.of(here.input(), here.real("three", 3)));
    String small = here.before("small", "Mul", List.of(cube, here.real("cubic", 0.044715)));
    String sum = here.before("inner", "Add", List.of(here.input(), small));
    return here.before("scaled", "Mul", List.of(sum, here.real("root", Math.sqrt(2 / Math.PI))));
  }

  private static String pointwise(Pointwise op, Writing here) {
    return switch (op.function()) {
      case MISH -> {
        String softplus = here.before("softplus", "Softplus", here.inputs());
        yield times(here, here.before("tanh", "Tanh", List.of(softplus)));
      }
      case NOT -> ChoiceWriters.truth(here, "Not", ChoiceWriters.truths(here, 1));
      default -> here.last(op.kind());
    };
  }
}
