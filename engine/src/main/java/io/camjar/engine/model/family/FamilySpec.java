package io.camjar.engine.model.family;

import io.camjar.engine.graph.Layer;
import io.camjar.engine.model.Architecture;
import java.util.List;
import java.util.regex.Pattern;

/** A network under torchvision's names, whose points and modules follow from its graph. */
interface FamilySpec extends Architecture {

  /** The paths of the points of the evolution. */
  Pattern blockPaths();

  @Override
  default String headLabel() {
    return "torchvision";
  }

  @Override
  default List<String> blocks() {
    return graph().layers().stream()
        .map(Layer::path)
        .filter(path -> blockPaths().matcher(path).matches())
        .toList();
  }

  @Override
  default List<String> children() {
    return graph().layers().stream().map(Layer::path).filter(p -> !p.contains(".")).toList();
  }
}
