package io.camjar.gradcam.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.Node;
import io.camjar.engine.graph.PathPattern;
import io.camjar.engine.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Layers by their paths: body and head, and those that a pattern names. */
public final class LayerPaths {
  private LayerPaths() {}

  /** The paths of all layers with parameters that belong to no head. */
  static List<String> body(Network network) {
    List<String> body = new ArrayList<>();
    for (Node node : network.graph().nodes()) {
      if (node.learns() && !network.architecture().isHead(node.path())) {
        body.add(node.path());
      }
    }
    return body;
  }

  /**
   * The paths that a pattern names: {@code body}, a path or alias, or one with {@code *} and {@code
   * ?}, which may stand for dots too.
   *
   * @throws CamjarException if it names none
   */
  public static List<String> matching(Network network, String pattern) {
    if (pattern.equals("body")) {
      return body(network);
    }
    if (!PathPattern.isOne(pattern)) {
      return List.of(network.points().resolve(pattern).path());
    }
    PathPattern paths = PathPattern.acrossParts(pattern);
    Set<String> found = new TreeSet<>();
    for (Layer layer : network.graph().layers()) {
      if (paths.matches(layer.path())) {
        found.add(layer.path());
      }
    }
    if (found.isEmpty()) {
      throw new CamjarException(
          "no layer of %s matches '%s'; ./camjar layers lists them"
              .formatted(network.architecture().name(), pattern));
    }
    return List.copyOf(found);
  }
}
