package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The points of a network that Grad-CAM is looked at by default: the last value of each resolution
 * that lies on the image, {@code [N, C, H, W]}.
 */
final class SpatialPoints {
  private SpatialPoints() {}

  /** Their paths in the order of the network. */
  static List<String> of(Graph graph, Shape image) {
    List<@Nullable Shape> shapes = graph.shapes(Map.of(graph.inputs().get(0), image));
    boolean[] spatial = new boolean[shapes.size()];
    Map<List<Long>, Integer> last = new LinkedHashMap<>();
    for (int value = 0; value < spatial.length; value++) {
      Node node = graph.nodes().get(value);
      Shape shape = shapes.get(value);
      spatial[value] =
          shape != null && shape.rank() == 4 && isSpatial(node, shape, shapes, spatial);
      if (spatial[value] && !node.inputs().isEmpty() && shape.side(2) * shape.side(3) > 1) {
        List<Long> resolution = List.of(shape.side(2), shape.side(3));
        // In the order of the last values.
        last.remove(resolution);
        last.put(resolution, value);
      }
    }
    return last.values().stream().sorted().map(graph::name).toList();
  }

  private static boolean isSpatial(
      Node node, Shape shape, List<@Nullable Shape> shapes, boolean[] spatial) {
    if (node.inputs().isEmpty() || node.op() instanceof Conv2d) {
      return true;
    }
    return keepsPlaces(node.op())
        && node.inputs().stream()
            .anyMatch(input -> spatial[input] && sameRank(shapes.get(input), shape));
  }

  private static boolean sameRank(@Nullable Shape input, Shape shape) {
    return input != null && input.rank() == shape.rank();
  }

  /** Whether rows and columns of the output are places of the image if those of the input are. */
  private static boolean keepsPlaces(Op op) {
    return !op.kind().equals("Transpose") && !op.kind().equals("Reshape");
  }
}
