package io.camjar.weights.onnx.graph;

import io.camjar.engine.op.ReLU;
import java.util.Map;

/** Functions of single values. */
final class ActivationNodes {
  private ActivationNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of("Relu", single(call -> call.emit(new ReLU(), call.x())));

  private static Translator single(Translator.Single translator) {
    return translator;
  }
}
