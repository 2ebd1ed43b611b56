package io.camjar.weights.onnx.write;

import io.camjar.engine.op.Add;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.weights.onnx.write.Nodes.Attribute;

/** Arithmetic of two tensors, and operations that move values. */
final class PlaceWriters {
  private PlaceWriters() {}

  static void register(Writers writers) {
    writers.add(Add.class, (op, here) -> here.last("Add"));
    writers.add(Flatten.class, (op, here) -> here.last("Flatten", Attribute.of("axis", 1)));
    writers.add(Dropout.class, (op, here) -> here.input());
  }
}
