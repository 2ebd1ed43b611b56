package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pad;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a network lie on the image: feature maps {@code [N, C, H, W]}, and tokens {@code
 * [N, T, D]} that stand for the patches that the last convolution made.
 */
final class SpatialPoints {
  /** Tokens that stand for no patch: the class token, and a few of other uses. */
  private static final int MOST_PREFIX = 8;

  private final Graph graph;
  private final List<@Nullable Shape> shapes;
  private final boolean[] spatial;
  private final Map<Integer, PatchGrid> tokens = new HashMap<>();

  SpatialPoints(Graph graph, Shape image) {
    this.graph = graph;
    this.shapes = graph.shapes(Map.of(graph.inputs().get(0), image));
    this.spatial = new boolean[shapes.size()];
    Shape map = image;
    for (int value = 0; value < spatial.length; value++) {
      Node node = graph.nodes().get(value);
      Shape shape = shapes.get(value);
      if (shape != null && shape.rank() == 4) {
        spatial[value] = isSpatial(node, shape);
        map = node.op() instanceof Conv2d ? shape : map;
      } else if (shape != null && shape.rank() == 3 && !node.inputs().isEmpty()) {
        addTokens(value, shape, map);
      }
    }
  }

  private boolean isSpatial(Node node, Shape shape) {
    if (node.inputs().isEmpty()) {
      return shape.side(0) == 1 && node.path().equals(graph.nodes().get(0).path());
    }
    return node.op() instanceof Conv2d
        || (keepsPlaces(node.op()) && node.inputs().stream().anyMatch(input -> spatial[input]));
  }

  /** Whether rows and columns of the output are places of the image if those of the input are. */
  private static boolean keepsPlaces(Op op) {
    return !(op instanceof Transpose) && !(op instanceof Reshape);
  }

  private void addTokens(int value, Shape shape, Shape map) {
    long places = map.side(2) * map.side(3);
    long prefix = shape.side(1) - places;
    if (places > 1 && prefix >= 0 && prefix <= MOST_PREFIX) {
      tokens.put(value, new PatchGrid((int) prefix, map.at(2), map.at(3)));
    }
  }

  /**
   * The last value of each resolution, in the order of the network. Where tokens attend to each
   * other it is the last that the last attention reads: behind it the class token alone counts.
   */
  List<String> last() {
    Map<List<Long>, Integer> last = new LinkedHashMap<>();
    for (int value = 0; value < spatial.length; value++) {
      Node node = graph.nodes().get(value);
      Shape shape = shapes.get(value);
      boolean map = spatial[value] && !node.inputs().isEmpty() && !(node.op() instanceof Pad);
      if (map && shape != null && shape.side(2) * shape.side(3) > 1) {
        last.put(List.of(shape.side(2), shape.side(3)), value);
      }
    }
    attended().ifPresent(value -> last.put(grid(value), value));
    return last.values().stream().sorted().map(graph::name).toList();
  }

  private List<Long> grid(int value) {
    PatchGrid grid = tokens.get(value);
    return List.of((long) grid.height(), (long) grid.width());
  }

  /** The last tokens that the last attention is computed from. */
  private Optional<Integer> attended() {
    int attention = -1;
    for (int value = 0; value < spatial.length; value++) {
      Shape shape = shapes.get(value);
      boolean square = shape != null && shape.rank() > 2 && isSquare(shape);
      attention = square && graph.nodes().get(value).op() instanceof Softmax ? value : attention;
    }
    if (attention < 0) {
      return Optional.empty();
    }
    Set<Integer> read = new HashSet<>(Set.of(attention));
    long width = tokens.keySet().stream().sorted().findFirst().map(this::width).orElse(0L);
    for (int value = attention; value >= 0; value--) {
      if (read.contains(value)) {
        if (tokens.containsKey(value) && width(value) == width) {
          return Optional.of(value);
        }
        read.addAll(graph.nodes().get(value).inputs());
      }
    }
    return Optional.empty();
  }

  private long width(int value) {
    Shape shape = shapes.get(value);
    return shape == null ? 0 : shape.side(2);
  }

  private static boolean isSquare(Shape shape) {
    return shape.side(shape.rank() - 1) == shape.side(shape.rank() - 2);
  }

  /** How the tokens of each path lie on the image. */
  Map<String, PatchGrid> patches() {
    Map<String, PatchGrid> grids = new HashMap<>();
    for (Layer layer : graph.layers()) {
      PatchGrid grid = tokens.get(layer.value());
      if (grid != null) {
        grids.put(layer.path(), grid);
      }
    }
    return grids;
  }
}
