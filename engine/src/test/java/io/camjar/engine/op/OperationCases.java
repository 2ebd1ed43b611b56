package io.camjar.engine.op;

import static java.util.Map.entry;

import io.camjar.engine.op.Pointwise.Function;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The operations of {@link OperationTests} by golden file and case. */
final class OperationCases {
  private OperationCases() {}

  /** Cases whose inputs must be positive. */
  static final Set<String> POSITIVE = Set.of("log", "sqrt", "reciprocal", "power");

  static final Map<String, Map<String, Op>> FILES =
      Map.ofEntries(entry("activations", activations()));

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
            entry("mish", new Pointwise(Function.MISH)));
    both.forEach(
        (name, op) -> {
          all.put(name, op);
          all.put(name + "-wide", op);
        });
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
}
