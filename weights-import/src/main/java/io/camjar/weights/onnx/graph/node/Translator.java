package io.camjar.weights.onnx.graph.node;

import java.util.List;

/** Turns a node of one kind into operations of the engine. */
public interface Translator {

  /** Adds the operations; the node's outputs in order. */
  List<Value> translate(Call call);

  /** A node of one output. */
  interface Single extends Translator {
    Value value(Call call);

    @Override
    default List<Value> translate(Call call) {
      return List.of(value(call));
    }
  }
}
