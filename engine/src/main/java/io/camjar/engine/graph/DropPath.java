package io.camjar.engine.graph;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Dropout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stochastic depth put into a graph: training, the branch of a residual block is left out of single
 * images, more often the deeper the block (Huang et al., arXiv 1603.09382, section 3).
 *
 * <p>Of L blocks the one of number i, counted from 0, leaves its branch out with probability {@code
 * p i / (L - 1)}: torchvision's rule for ConvNeXt, timm's for {@code drop_path_rate}. Both sums of
 * a transformer's block have one probability.
 */
public final class DropPath {
  private DropPath() {}

  /**
   * The same network, whose branches are left out while it trains; parameters keep their names, and
   * evaluating nothing is changed.
   *
   * @param p of the last block, at least 0 and below 1; 0 changes nothing
   * @throws CamjarException if it is no such number, or no branch joins a shortcut
   */
  public static Graph in(Graph graph, double p) {
    if (!(p >= 0 && p < 1)) {
      throw new CamjarException(
          "drop path needs a probability of at least 0 and below 1, found %s".formatted(p));
    }
    Map<Integer, ResidualSum> sums = new TreeMap<>();
    ResidualSum.of(graph).forEach(sum -> sums.put(sum.sum(), sum));
    if (p > 0 && sums.isEmpty()) {
      throw new CamjarException(
          "drop path leaves out branches of residual blocks, and this network has none");
    }
    List<String> blocks = sums.keySet().stream().map(sum -> block(graph, sum)).distinct().toList();
    List<Node> nodes = new ArrayList<>();
    List<Layer> added = new ArrayList<>();
    int[] places = new int[graph.nodes().size()];
    for (int value = 0; value < places.length; value++) {
      Node node = graph.nodes().get(value);
      List<Integer> inputs = new ArrayList<>(node.inputs());
      inputs.replaceAll(input -> places[input]);
      ResidualSum sum = sums.get(value);
      if (sum != null) {
        double own = probability(p, blocks.indexOf(block(graph, value)), blocks.size());
        if (own > 0) {
          String path = node.path() + ".drop_path";
          int branch = places[sum.branch()];
          Dropout drop = Dropout.ofRows(own);
          inputs.set(node.inputs().indexOf(sum.branch()), nodes.size());
          added.add(new Layer(path, drop.kind(), branch, nodes.size(), true));
          nodes.add(new Node(path, drop, List.of(branch)));
        }
      }
      places[value] = nodes.size();
      nodes.add(new Node(node.path(), node.op(), inputs));
    }
    return new Graph(nodes, layers(graph, places, added), outputs(graph, places));
  }

  /** The probability of a block's branch to be left out. */
  static double probability(double p, int block, int blocks) {
    return blocks == 1 ? p : p * block / (blocks - 1);
  }

  /** The path of the block that a sum ends. */
  private static String block(Graph graph, int sum) {
    String path = graph.nodes().get(sum).path();
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  /** The names there were, those of the new nodes right before the sums that read them. */
  private static List<Layer> layers(Graph graph, int[] places, List<Layer> added) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      if (layer.node()) {
        int before = places[layer.value()] - 1;
        added.stream().filter(drop -> drop.value() == before).forEach(layers::add);
      }
      layers.add(layer.at(places[layer.input()], places[layer.value()]));
    }
    return layers;
  }

  private static Map<String, Integer> outputs(Graph graph, int[] places) {
    Map<String, Integer> outputs = new LinkedHashMap<>();
    graph.outputs().forEach((name, value) -> outputs.put(name, places[value]));
    return outputs;
  }
}
