package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * MobileNetV2 (Sandler et al., arXiv 1801.04381) as torchvision names its layers.
 *
 * @param inChannels channels of the image
 * @param stem maps of the first convolution
 * @param inverted the inverted residual blocks
 * @param last maps of the last convolution
 * @param classes how many it scores
 */
public record MobileNetV2(int inChannels, int stem, List<Inverted> inverted, int last, int classes)
    implements Architecture {
  private static final Clip RELU6 = new Clip(0, 6);

  /**
   * A block that is narrow at both ends.
   *
   * @param hidden maps of the depthwise convolution
   * @param out maps that come out
   * @param stride of the depthwise convolution
   * @param expands whether a convolution makes the hidden maps of those that come in
   */
  record Inverted(int hidden, int out, int stride, boolean expands) {}

  public MobileNetV2 {
    inverted = List.copyOf(inverted);
  }

  /** The family. */
  static final class Members implements Family {
    /** Expansion, maps, blocks and stride of each stage, as the paper's table 2. */
    private static final int[][] STAGES = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };

    @Override
    public String title() {
      return "MobileNetV2";
    }

    @Override
    public List<String> names() {
      return List.of("mobilenet_v2");
    }

    @Override
    public Architecture member(String name, int classes) {
      List<Inverted> blocks = new ArrayList<>();
      int in = 32;
      for (int[] stage : STAGES) {
        for (int block = 0; block < stage[2]; block++) {
          blocks.add(
              new Inverted(in * stage[0], stage[1], block == 0 ? stage[3] : 1, stage[0] > 1));
          in = stage[1];
        }
      }
      return new MobileNetV2(3, 32, blocks, 1280, classes);
    }

    /** Tensors do not show strides: they are those of the published blocks. */
    @Override
    public Optional<Architecture> recognise(Map<String, long[]> shapes) {
      TensorShapes tensors = new TensorShapes(shapes);
      if (!tensors.has("features.0.0.weight")
          || !tensors.has("features.1.conv.0.0.weight")
          || tensors.has("features.1.conv.0.0.bias")) {
        return Optional.empty();
      }
      MobileNetV2 published = (MobileNetV2) member("mobilenet_v2", 1);
      List<Inverted> blocks = new ArrayList<>();
      for (int i = 0; i < published.inverted.size(); i++) {
        String conv = "features.%d.conv.".formatted(i + 1);
        Inverted usual = published.inverted.get(i);
        int hidden = tensors.side(conv + "0.0.weight", 0, usual.hidden);
        int out = tensors.side(conv + (usual.expands ? "2.weight" : "1.weight"), 0, usual.out);
        blocks.add(new Inverted(hidden, out, usual.stride, usual.expands));
      }
      return Optional.of(
          new MobileNetV2(
              tensors.side("features.0.0.weight", 1, 3),
              tensors.side("features.0.0.weight", 0, 32),
              blocks,
              tensors.side("features.18.0.weight", 0, 1280),
              tensors.side("classifier.1.weight", 0, 1)));
    }
  }

  @Override
  public String name() {
    return "mobilenet_v2";
  }

  @Override
  public String headLabel() {
    return "torchvision";
  }

  /** The first convolution, each block and the last convolution. */
  @Override
  public List<String> blocks() {
    return IntStream.range(0, inverted.size() + 2).mapToObj(i -> "features." + i).toList();
  }

  @Override
  public List<String> children() {
    return List.of("features", "classifier");
  }

  @Override
  public Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    Layers layers = new Layers(graph, BatchNorm.EPS);
    int y =
        graph.scope(
            "features", Layers.SEQUENTIAL, graph.input(Points.INPUT), x -> body(graph, layers, x));
    y = graph.op("flatten", new Flatten(), graph.op("avgpool", new AdaptiveAvgPool2d(), y));
    y =
        graph.scope(
            "classifier",
            Layers.SEQUENTIAL,
            y,
            x ->
                graph.op("1", new Linear(last, classes, true), graph.op("0", new Dropout(0.2), x)));
    graph.output(Trace.LOGITS, y);
    return graph.build();
  }

  private int body(GraphBuilder graph, Layers layers, int image) {
    int y = layers.convNorm("0", inChannels, stem, 3, 2, 1, RELU6, image);
    int in = stem;
    for (int i = 0; i < inverted.size(); i++) {
      Inverted block = inverted.get(i);
      int channels = in;
      y =
          graph.scope(
              Integer.toString(i + 1),
              "InvertedResidual",
              y,
              x -> block(graph, layers, channels, block, x));
      in = block.out;
    }
    String name = Integer.toString(inverted.size() + 1);
    return layers.convNorm(name, in, last, 1, 1, 1, RELU6, y);
  }

  private static int block(GraphBuilder graph, Layers layers, int in, Inverted block, int x) {
    int branch =
        graph.scope(
            "conv",
            Layers.SEQUENTIAL,
            x,
            input -> {
              int y = input;
              int number = 0;
              if (block.expands) {
                y = layers.convNorm("0", in, block.hidden, 1, 1, 1, RELU6, y);
                number = 1;
              }
              y =
                  layers.convNorm(
                      Integer.toString(number),
                      block.hidden,
                      block.hidden,
                      3,
                      block.stride,
                      block.hidden,
                      RELU6,
                      y);
              y =
                  layers.conv(
                      Integer.toString(number + 1), block.hidden, block.out, 1, 1, false, y);
              return layers.norm(Integer.toString(number + 2), block.out, y);
            });
    return block.stride == 1 && in == block.out ? layers.add(branch, x) : branch;
  }
}
