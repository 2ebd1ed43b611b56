package io.camjar.weights.onnx.graph;

import io.camjar.engine.op.Flatten;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.graph.Value.Traced;
import java.util.Map;

/** Operations that move values and leave them as they are. */
final class PlaceNodes {
  private PlaceNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "Identity", single(Call::x),
          "Dropout", single(Call::x),
          "Cast", single(PlaceNodes::cast),
          "Flatten", single(PlaceNodes::flatten),
          "Reshape", single(PlaceNodes::reshape));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value cast(Call call) {
    long to = call.attributes().integer("to", 1);
    if (to != 1 && to != 10 && to != 11 && to != 16) {
      throw call.refuse("turns features into another type than floats");
    }
    return call.x();
  }

  private static Value flatten(Call call) {
    Traced x = call.x();
    if (Axes.of(call.attributes().integer("axis", 1), x.rank() + 1) != 1) {
      throw call.refuse("joins the images of a batch");
    }
    return x.rank() == 2 ? x : call.emit(new Flatten(), x);
  }

  private static Value reshape(Call call) {
    Traced x = call.x();
    ReshapedSides sides = ReshapedSides.of(call, x);
    if (sides.isIdentity()) {
      return x;
    }
    if (sides.flattens()) {
      return call.emit(new Flatten(), x);
    }
    throw call.refuse("gives features the sides " + sides.sides());
  }
}
