package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pad;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a network lie on the image: feature maps {@code [N, C, H, W]}, the same with
 * channels behind places, {@code [N, H, W, C]}, and tokens {@code [N, T, D]} that stand for places
 * of such maps or for the patches that the last convolution made.
 */
final class SpatialPoints {
  /** Tokens that stand for no patch: the class token, and a few of other uses. */
  private static final int MOST_PREFIX = 8;

  private final Graph graph;
  private final List<@Nullable Shape> shapes;
  private final Map<Integer, Places> places = new HashMap<>();

  /** Of the values whose channels stand behind places. */
  private final Map<Integer, PatchGrid> tokens = new HashMap<>();

  SpatialPoints(Graph graph, Shape image) {
    this.graph = graph;
    this.shapes = graph.shapes(Map.of(graph.inputs().get(0), image));
    Shape map = image;
    for (int value = 0; value < shapes.size(); value++) {
      Node node = graph.nodes().get(value);
      Shape shape = shapes.get(value);
      if (shape != null) {
        addPlaces(value, node, shape);
        map = node.op() instanceof Conv2d && !isOfRows(node) ? shape : map;
        if (shape.rank() == 3 && !node.inputs().isEmpty() && !tokens.containsKey(value)) {
          addTokens(value, shape, map);
        }
      }
    }
  }

  private void addPlaces(int value, Node node, Shape shape) {
    Optional<Places> found = Optional.empty();
    if (node.op() instanceof Conv2d && isOfRows(node)) {
      return;
    }
    if (value == graph.inputs().get(0) || node.op() instanceof Conv2d) {
      found = Optional.of(Places.ofMaps(shape));
    }
    for (int i = 0; i < node.inputs().size() && found.isEmpty(); i++) {
      int input = node.inputs().get(i);
      Places before = places.get(input);
      Shape in = shapes.get(input);
      if (before != null && in != null) {
        found = before.through(node.op(), i, in, shape);
      }
    }
    found.ifPresent(
        at -> {
          places.put(value, at);
          at.tokens(shape).ifPresent(grid -> tokens.put(value, grid));
        });
  }

  /**
   * Whether an operation goes over a sequence and not over an image: over channels, for example, as
   * ECA's convolution does. It reads {@code [N, C, L]} as maps one row high.
   */
  private boolean isOfRows(Node node) {
    Node before = graph.nodes().get(node.inputs().get(0));
    Shape rows = before.op() instanceof Reshape ? shapes.get(before.inputs().get(0)) : null;
    Shape maps = shapes.get(node.inputs().get(0));
    return rows != null
        && rows.rank() == 3
        && maps != null
        && maps.rank() == 4
        && maps.side(2) == 1;
  }

  private void addTokens(int value, Shape shape, Shape map) {
    long places = map.side(2) * map.side(3);
    long prefix = shape.side(1) - places;
    if (places > 1 && prefix >= 0 && prefix <= MOST_PREFIX) {
      tokens.put(value, new PatchGrid((int) prefix, map.at(2), map.at(3)));
    }
  }

  /** The paths of the last values of each resolution, {@link #last(BitSet)} of all values. */
  List<String> last() {
    BitSet all = new BitSet();
    all.set(0, shapes.size());
    return last(all).stream().map(graph::name).toList();
  }

  /**
   * The last value of each resolution, in the order of the network. Where tokens attend to each
   * other it is the last that the last attention reads: behind it the class token alone counts.
   *
   * @param within the values that are looked at; with each those that it is computed from
   */
  List<Integer> last(BitSet within) {
    Map<List<Long>, Integer> last = new LinkedHashMap<>();
    for (int value = 0; value < shapes.size(); value++) {
      Places at = places.get(value);
      if (at != null && within.get(value) && isEnd(value)) {
        last.put(List.of(at.height(), at.width()), value);
      }
    }
    attended(within).ifPresent(value -> last.put(grid(value), value));
    return last.values().stream().sorted().toList();
  }

  /** The last value that lies on the image; empty if none of these does. */
  Optional<Integer> lastOf(BitSet within) {
    for (int value = within.length() - 1; value >= 0; value = within.previousSetBit(value - 1)) {
      if (isEnd(value)) {
        return Optional.of(value);
      }
      if (value == 0) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Whether a value has several places on the image and can be what a resolution ends with. */
  boolean isEnd(int value) {
    Places at = places.get(value);
    Shape shape = shapes.get(value);
    return at != null && shape != null && at.height() * at.width() > 1 && ends(value, at, shape);
  }

  /**
   * Whether a value that has places can be what a resolution ends with: a map, and not one that an
   * operation has only cut, framed, put together or laid out anew.
   */
  private boolean ends(int value, Places at, Shape shape) {
    Node node = graph.nodes().get(value);
    Op op = node.op();
    boolean moved =
        op instanceof Pad
            || op instanceof Slice
            || op instanceof Transpose
            || op instanceof Reshape
            || at.isJoined(op, shape);
    return !node.inputs().isEmpty() && !moved && (at.isMaps(shape) || at.tokens(shape).isPresent());
  }

  private List<Long> grid(int value) {
    PatchGrid grid = tokens.get(value);
    return List.of((long) grid.height(), (long) grid.width());
  }

  /**
   * The last tokens that the last attention of each token to all others is computed from.
   *
   * @param within the values that are looked at
   */
  Optional<Integer> attended(BitSet within) {
    int attention = -1;
    for (int value = 0; value < shapes.size(); value++) {
      Shape shape = shapes.get(value);
      boolean square = within.get(value) && shape != null && shape.rank() > 2 && isSquare(shape);
      attention = square && graph.nodes().get(value).op() instanceof Softmax ? value : attention;
    }
    Shape among = attention < 0 ? null : shapes.get(attention);
    if (among == null) {
      return Optional.empty();
    }
    BitSet read = compared(attention);
    long width =
        tokens.keySet().stream()
            .sorted()
            .map(this::width)
            .filter(w -> w > 0)
            .findFirst()
            .orElse(0L);
    for (int value = attention; value >= 0 && width > 0; value--) {
      PatchGrid grid = tokens.get(value);
      boolean all = grid != null && grid.tokens() == among.side(among.rank() - 1);
      if (all && read.get(value) && width(value) == width) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /**
   * What the queries and the keys of an attention are both computed from: not a linear layer or a
   * slice that makes the keys alone.
   */
  private BitSet compared(int attention) {
    int value = attention;
    while (!(graph.nodes().get(value).op() instanceof MatMul)) {
      Optional<Integer> scores =
          graph.nodes().get(value).inputs().stream().filter(this::isAttention).findFirst();
      if (scores.isEmpty()) {
        return Dependence.origins(graph, attention);
      }
      value = scores.get();
    }
    List<Integer> operands = graph.nodes().get(value).inputs();
    BitSet both = Dependence.origins(graph, operands.get(0));
    both.and(Dependence.origins(graph, operands.get(1)));
    return both;
  }

  /** Whether a value has a number for each pair of tokens. */
  private boolean isAttention(int value) {
    Shape shape = shapes.get(value);
    return shape != null && shape.rank() > 2 && isSquare(shape);
  }

  /** Features of tokens {@code [N, T, D]}; 0 of other values. */
  private long width(int value) {
    Shape shape = shapes.get(value);
    return shape == null || shape.rank() != 3 ? 0 : shape.side(2);
  }

  private static boolean isSquare(Shape shape) {
    return shape.side(shape.rank() - 1) == shape.side(shape.rank() - 2);
  }

  /** The paths of what operations over one side compute, as maps one row high. */
  Set<String> rows() {
    Set<String> rows = new HashSet<>();
    for (Layer layer : graph.layers()) {
      Node node = graph.nodes().get(layer.value());
      boolean windows =
          node.op() instanceof Conv2d
              || node.op() instanceof MaxPool2d
              || node.op() instanceof AvgPool2d
              || node.op() instanceof BatchNorm;
      if (windows && isOfRows(node)) {
        rows.add(layer.path());
      }
    }
    return rows;
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
