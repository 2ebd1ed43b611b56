package io.camjar.weights.onnx.graph;

import io.camjar.engine.op.Add;
import java.util.Map;

/** Sums, products and their like of two tensors. */
final class ArithmeticNodes {
  private ArithmeticNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of("Add", single(call -> call.emit(new Add(), call.traced(0), call.traced(1))));

  private static Translator single(Translator.Single translator) {
    return translator;
  }
}
