package io.camjar.engine.plan;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.nn.AdaptiveAvgPool2d;
import io.camjar.engine.nn.AdaptiveConcatPool2d;
import io.camjar.engine.nn.AdaptiveMaxPool2d;
import io.camjar.engine.nn.AvgPool2d;
import io.camjar.engine.nn.BatchNorm;
import io.camjar.engine.nn.Conv2d;
import io.camjar.engine.nn.Dropout;
import io.camjar.engine.nn.Flatten;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.nn.Linear;
import io.camjar.engine.nn.MaxPool2d;
import io.camjar.engine.nn.ReLU;
import io.camjar.engine.nn.Residual;
import io.camjar.engine.nn.Sequential;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network as nodes in the order in which they are computed, and which value each point names.
 *
 * <p>Layers that do nothing in evaluation (dropout, flattening of {@code [N, C, 1, 1]}) have no
 * node; a container names the value of its last layer.
 */
final class Graph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Point> points = new HashMap<>();
  private final boolean training;
  private boolean pooled;

  /**
   * What a point names.
   *
   * @param value the number of the node that computes it
   * @param pooled whether features are {@code [N, C, 1, 1]} there, as pools leave them
   */
  record Point(int value, boolean pooled) {}

  private Graph(boolean training) {
    this.training = training;
    nodes.add(new Node.Input());
  }

  /**
   * The graph of a tree of layers, whose input has this name; in training, batch norms depend on
   * the batch and dropout drops.
   */
  static Graph of(Layer root, String input, boolean training) {
    Graph graph = new Graph(training);
    graph.points.put(input, new Point(0, false));
    graph.walk(root, 0);
    return graph;
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Whether a value is features, {@code [N, F]} or as a pool leaves them {@code [N, C, 1, 1]}. */
  boolean isFeatures(int value) {
    Node node = nodes.get(value);
    return node instanceof Node.GlobalPool
        || (!node.inputs().isEmpty() && isFeatures(node.inputs().get(0)));
  }

  /** A path that names a value. */
  String name(int value) {
    return points.entrySet().stream()
        .filter(entry -> entry.getValue().value() == value)
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .orElse("value " + value);
  }

  /** What a path names. */
  Point point(String path) {
    Point point = points.get(path);
    if (point == null) {
      throw new IllegalStateException("the compiled pass knows no point " + path);
    }
    return point;
  }

  private int walk(Layer layer, int x) {
    int y = layer instanceof Residual residual ? residual(residual, x) : plain(layer, x);
    points.put(layer.path(), new Point(y, pooled));
    return y;
  }

  private int plain(Layer layer, int x) {
    if (layer instanceof Sequential) {
      int value = x;
      for (Layer child : layer.children()) {
        value = walk(child, value);
      }
      return value;
    } else if (layer instanceof Conv2d conv) {
      return add(new Node.Conv(conv.geometry(), weights(layer), x, null, false));
    } else if (layer instanceof Linear) {
      ConvWeights weights = weights(layer);
      Conv2dGeometry pointwise =
          Conv2dGeometry.square((int) weights.weight().size(1), weights.outputs(), 1, 1, 0);
      return add(new Node.Conv(pointwise, weights, x, null, false));
    } else if (layer instanceof BatchNorm norm) {
      return add(
          training
              ? new Node.Norm(norm, x, null, false)
              : new Node.Affine(norm.scale(), norm.shift(), x));
    } else if (layer instanceof ReLU) {
      return add(new Node.Relu(x));
    } else if (layer instanceof MaxPool2d pool) {
      return add(new Node.MaxPool(pool.geometry(), x));
    } else if (layer instanceof AvgPool2d pool) {
      return add(new Node.AvgPool(pool.geometry(), x));
    } else if (layer instanceof AdaptiveAvgPool2d) {
      return globalPool(false, true, x);
    } else if (layer instanceof AdaptiveMaxPool2d) {
      return globalPool(true, false, x);
    } else if (layer instanceof AdaptiveConcatPool2d) {
      return globalPool(true, true, x);
    } else if (layer instanceof Flatten) {
      pooled = false;
      return x;
    } else if (layer instanceof Dropout dropout) {
      return training && dropout.p() > 0 ? add(new Node.Drop(dropout.p(), x)) : x;
    }
    throw new IllegalStateException("the compiled pass knows no layer like " + layer);
  }

  private int globalPool(boolean max, boolean mean, int x) {
    pooled = true;
    return add(new Node.GlobalPool(max, mean, x));
  }

  private int residual(Residual block, int x) {
    Layer downsample = block.downsample();
    // The shortcut first: the branch then ends with the sum, which is its last step.
    int shortcut = downsample == null ? x : walk(downsample, x);
    int branch = x;
    for (Layer layer : block.branch()) {
      branch = walk(layer, branch);
    }
    int sum = add(new Node.Add(branch, shortcut));
    points.put(block.sumPath(), new Point(sum, false));
    return walk(block.lastReLU(), sum);
  }

  private int add(Node node) {
    nodes.add(node);
    return nodes.size() - 1;
  }

  private static ConvWeights weights(Layer layer) {
    Map<String, INDArray> parameters = layer.parameters();
    INDArray weight = parameters.get(layer.path() + ".weight");
    if (weight == null) {
      throw new IllegalStateException(layer + " has no weight");
    }
    return new ConvWeights(
        layer.path(), weight, parameters.get(layer.path() + ".bias"), null, null);
  }
}
