package io.camjar.weights.onnx.write;

import io.camjar.engine.op.Op;
import io.camjar.weights.bytes.Malformed;
import java.util.HashMap;
import java.util.Map;

/** How every kind of operation is written. */
final class Writers {
  private final Map<Class<?>, Writing.Of<Op>> all = new HashMap<>();

  /** Those of all operations. */
  static Writers create() {
    Writers writers = new Writers();
    LayerWriters.register(writers);
    ActivationWriters.register(writers);
    PlaceWriters.register(writers);
    NormWriters.register(writers);
    ChoiceWriters.register(writers);
    return writers;
  }

  <T extends Op> void add(Class<T> kind, Writing.Of<T> writer) {
    all.put(kind, (op, here) -> writer.write(kind.cast(op), here));
  }

  /** Adds the nodes of one operation; the name of its output. */
  String write(Writing here) {
    Op op = here.node().op();
    Writing.Of<Op> writer = all.get(op.getClass());
    if (writer == null) {
      throw new Malformed(
          "has the layer '%s' (%s), which camjar does not write as ONNX"
              .formatted(here.node().path(), op.kind()),
          "convert it to safetensors");
    }
    return writer.write(op, here);
  }
}
