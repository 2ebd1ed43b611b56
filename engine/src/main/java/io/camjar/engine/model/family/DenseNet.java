package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DenseNet (Huang et al., arXiv 1608.06993) as torchvision names its layers: every layer reads all
 * maps before it and adds some.
 *
 * @param name such as {@code densenet121}
 * @param inChannels channels of the image
 * @param initial maps of the stem
 * @param growth maps that a layer adds
 * @param inner maps of a layer's 1x1 convolution
 * @param depths layers of each dense block
 * @param classes how many it scores
 */
public record DenseNet(
    String name,
    int inChannels,
    int initial,
    int growth,
    int inner,
    List<Integer> depths,
    int classes)
    implements Architecture {

  public DenseNet {
    depths = List.copyOf(depths);
  }

  /** The family. */
  static final class Members implements Family {
    private static final Map<String, List<Integer>> DEPTHS =
        Map.of(
            "densenet121", List.of(6, 12, 24, 16),
            "densenet161", List.of(6, 12, 36, 24),
            "densenet169", List.of(6, 12, 32, 32),
            "densenet201", List.of(6, 12, 48, 32));

    @Override
    public String title() {
      return "DenseNet";
    }

    @Override
    public List<String> names() {
      return DEPTHS.keySet().stream().sorted().toList();
    }

    @Override
    public Architecture member(String name, int classes) {
      int growth = name.equals("densenet161") ? 48 : 32;
      return new DenseNet(name, 3, 2 * growth, growth, 4 * growth, DEPTHS.get(name), classes);
    }

    @Override
    public Optional<Architecture> recognise(Map<String, long[]> shapes) {
      TensorShapes tensors = new TensorShapes(shapes);
      if (!tensors.has("features.conv0.weight")
          || !tensors.has("features.denseblock1.denselayer1.conv1.weight")) {
        return Optional.empty();
      }
      List<Integer> depths = new ArrayList<>();
      for (int block : tensors.numbers("features.denseblock#.denselayer1.conv1.weight")) {
        depths.add(
            tensors
                .numbers("features.denseblock%d.denselayer#.conv1.weight".formatted(block))
                .last());
      }
      String name =
          names().stream()
              .filter(one -> DEPTHS.get(one).equals(depths))
              .findFirst()
              .orElse("densenet");
      return Optional.of(
          new DenseNet(
              name,
              tensors.side("features.conv0.weight", 1, 3),
              tensors.side("features.conv0.weight", 0, 64),
              tensors.side("features.denseblock1.denselayer1.conv2.weight", 0, 32),
              tensors.side("features.denseblock1.denselayer1.conv1.weight", 0, 128),
              depths,
              tensors.side("classifier.weight", 0, 1)));
    }
  }

  @Override
  public String headLabel() {
    return "torchvision";
  }

  /** The stem and each dense block, of the last its norm, which pytorch-grad-cam takes. */
  @Override
  public List<String> blocks() {
    List<String> blocks = new ArrayList<>(List.of("features.pool0"));
    for (int block = 1; block < depths.size(); block++) {
      blocks.add("features.denseblock" + block);
    }
    blocks.add(lastNorm());
    return blocks;
  }

  private String lastNorm() {
    return "features.norm%d".formatted(depths.size() + 1);
  }

  @Override
  public List<String> children() {
    return List.of("features", "classifier");
  }

  @Override
  public Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    Layers layers = new Layers(graph, BatchNorm.EPS);
    int features =
        graph.scope(
            "features", Layers.SEQUENTIAL, graph.input(Points.INPUT), x -> body(graph, layers, x));
    int y = graph.op("relu", new ReLU(), features);
    y = graph.op("flatten", new Flatten(), graph.op("avgpool", new AdaptiveAvgPool2d(), y));
    graph.output(Trace.LOGITS, graph.op("classifier", new Linear(channels(), classes, true), y));
    return graph.build();
  }

  /** Maps that the classifier reads. */
  private int channels() {
    int channels = initial;
    for (int block = 0; block < depths.size(); block++) {
      channels = (block == 0 ? channels : channels / 2) + depths.get(block) * growth;
    }
    return channels;
  }

  private int body(GraphBuilder graph, Layers layers, int image) {
    int y = layers.conv("conv0", inChannels, initial, 7, 2, false, image);
    y = graph.op("relu0", new ReLU(), layers.norm("norm0", initial, y));
    y = layers.maxPool("pool0", 3, 2, 1, false, y);
    int channels = initial;
    for (int block = 1; block <= depths.size(); block++) {
      int depth = depths.get(block - 1);
      int in = channels;
      y =
          graph.scope(
              "denseblock" + block, "_DenseBlock", y, x -> block(graph, layers, in, depth, x));
      channels += depth * growth;
      if (block < depths.size()) {
        int all = channels;
        y =
            graph.scope(
                "transition" + block, "_Transition", y, x -> transition(graph, layers, all, x));
        channels /= 2;
      }
    }
    return layers.norm("norm%d".formatted(depths.size() + 1), channels, y);
  }

  private int block(GraphBuilder graph, Layers layers, int in, int depth, int x) {
    int maps = x;
    for (int layer = 1; layer <= depth; layer++) {
      int channels = in + (layer - 1) * growth;
      int y =
          graph.scope(
              "denselayer" + layer, "_DenseLayer", maps, m -> layer(graph, layers, channels, m));
      maps = graph.op("cat" + layer, new Concat(1), maps, y);
    }
    return maps;
  }

  private int layer(GraphBuilder graph, Layers layers, int channels, int maps) {
    int y = graph.op("relu1", new ReLU(), layers.norm("norm1", channels, maps));
    y = layers.conv("conv1", channels, inner, 1, 1, false, y);
    y = graph.op("relu2", new ReLU(), layers.norm("norm2", inner, y));
    return layers.conv("conv2", inner, growth, 3, 1, false, y);
  }

  private static int transition(GraphBuilder graph, Layers layers, int channels, int x) {
    int y = graph.op("relu", new ReLU(), layers.norm("norm", channels, x));
    y = layers.conv("conv", channels, channels / 2, 1, 1, false, y);
    return graph.op("pool", new AvgPool2d(Pool2dGeometry.square(2, 2, 0)), y);
  }
}
