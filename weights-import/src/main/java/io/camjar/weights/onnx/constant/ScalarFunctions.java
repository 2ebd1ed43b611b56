package io.camjar.weights.onnx.constant;

import io.camjar.engine.op.CELU;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.Elementwise;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.Shrink;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Tanh;
import io.camjar.engine.op.Threshold;
import io.camjar.weights.bytes.Malformed;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * ONNX's functions of each number by itself, with the attributes of a node, as a network computes
 * them and as they are computed of constants.
 */
public final class ScalarFunctions {
  private static final Map<String, Function<Attributes, Elementwise>> ALL = new HashMap<>();

  static {
    ALL.put("Sigmoid", node -> new Sigmoid());
    ALL.put("Tanh", node -> new Tanh());
    ALL.put("HardSwish", node -> new Hardswish());
    ALL.put(
        "HardSigmoid", node -> new Hardsigmoid(node.real("alpha", 0.2), node.real("beta", 0.5)));
    ALL.put("LeakyRelu", node -> new LeakyReLU(node.real("alpha", 0.01)));
    ALL.put("Elu", node -> new ELU(node.real("alpha", 1)));
    // The paper's coefficients in single precision, as ONNX gives them.
    ALL.put(
        "Selu",
        node ->
            new SELU(
                node.real("alpha", 1.67326319217681884765625),
                node.real("gamma", 1.05070102214813232421875)));
    ALL.put("Celu", ScalarFunctions::celu);
    ALL.put("ThresholdedRelu", node -> new Threshold(node.real("alpha", 1)));
    ALL.put("Shrink", node -> new Shrink(node.real("lambd", 0.5), node.real("bias", 0)));
    ALL.put("Gelu", node -> new GELU(node.text("approximate", "none").equals("tanh")));
    for (Pointwise.Function function : Pointwise.Function.values()) {
      // ONNX has the same names of functions.
      Pointwise op = new Pointwise(function);
      ALL.put(op.kind(), node -> op);
    }
  }

  private ScalarFunctions() {}

  private static Elementwise celu(Attributes node) {
    double alpha = node.real("alpha", 1);
    if (alpha == 0) {
      throw new Malformed(
          "has the node '%s' (Celu), which divides by its alpha, 0: camjar does not run that"
              .formatted(node.node().label()),
          "export the network without it, or give its weights as a PyTorch or safetensors file");
    }
    return new CELU(alpha);
  }

  /** The names of the functions, in order. */
  public static Set<String> names() {
    return new TreeSet<>(ALL.keySet());
  }

  static boolean knows(String operation) {
    return ALL.containsKey(operation);
  }

  /**
   * A node's function.
   *
   * @throws IllegalArgumentException if its operation is none of {@link #names}
   * @throws Malformed if its attributes give no function
   */
  public static Elementwise of(Attributes node) {
    Function<Attributes, Elementwise> found = ALL.get(node.node().operation());
    if (found == null) {
      throw new IllegalArgumentException(node.node().operation());
    }
    return found.apply(node);
  }
}
