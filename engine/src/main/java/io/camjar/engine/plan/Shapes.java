package io.camjar.engine.plan;

import java.util.ArrayList;
import java.util.List;

/** The shape of every value. */
final class Shapes {
  private Shapes() {}

  static List<Shape> of(List<Node> nodes, Shape input) {
    List<Shape> shapes = new ArrayList<>();
    for (Node node : nodes) {
      shapes.add(node.inputs().isEmpty() ? input : of(node, shapes.get(node.inputs().get(0))));
    }
    return shapes;
  }

  private static Shape of(Node node, Shape x) {
    if (node instanceof Node.Conv conv) {
      return x.withChannels(
          conv.geometry().outChannels(),
          conv.geometry().outH(x.height()),
          conv.geometry().outW(x.width()));
    } else if (node instanceof Node.MaxPool pool) {
      return x.withChannels(
          x.channels(), pool.geometry().outH(x.height()), pool.geometry().outW(x.width()));
    } else if (node instanceof Node.AvgPool pool) {
      return x.withChannels(
          x.channels(), pool.geometry().outH(x.height()), pool.geometry().outW(x.width()));
    } else if (node instanceof Node.GlobalPool pool) {
      return Shape.features(x.batch(), pool.max() && pool.mean() ? 2 * x.channels() : x.channels());
    }
    return x;
  }
}
