package io.camjar.weights.onnx.write;

import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SiLU;
import java.util.List;

/** Functions of single values. */
final class ActivationWriters {
  private ActivationWriters() {}

  static void register(Writers writers) {
    writers.add(ReLU.class, (op, here) -> here.last("Relu"));
    writers.add(
        SiLU.class,
        (op, here) ->
            here.last(
                "Mul", List.of(here.input(), here.before("sigmoid", "Sigmoid", here.inputs()))));
  }
}
