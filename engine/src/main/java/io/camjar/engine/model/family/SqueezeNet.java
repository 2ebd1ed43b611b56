package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * SqueezeNet (Iandola et al., arXiv 1602.07360) as torchvision names its layers.
 *
 * @param name {@code squeezenet1_0} or {@code squeezenet1_1}
 * @param inChannels channels of the image
 * @param stem maps of the first convolution
 * @param kernel its side, 7 or 3
 * @param fires by their numbers in {@code features}; where a number is left out there is a pool
 * @param classes how many it scores
 */
public record SqueezeNet(
    String name, int inChannels, int stem, int kernel, Map<Integer, Fire> fires, int classes)
    implements Architecture {

  /**
   * Two convolutions side by side behind a narrow one.
   *
   * @param squeeze maps of the narrow one
   * @param expand1 maps of the 1x1 convolution
   * @param expand3 maps of the 3x3 convolution
   */
  record Fire(int squeeze, int expand1, int expand3) {
    int out() {
      return expand1 + expand3;
    }
  }

  public SqueezeNet {
    fires = new TreeMap<>(fires);
  }

  /** The family. */
  static final class Members implements Family {
    private static final List<Integer> PLACES_0 = List.of(3, 4, 5, 7, 8, 9, 10, 12);
    private static final List<Integer> PLACES_1 = List.of(3, 4, 6, 7, 9, 10, 11, 12);

    @Override
    public String title() {
      return "SqueezeNet";
    }

    @Override
    public List<String> names() {
      return List.of("squeezenet1_0", "squeezenet1_1");
    }

    @Override
    public Architecture member(String name, int classes) {
      boolean first = name.equals("squeezenet1_0");
      Map<Integer, Fire> fires = new TreeMap<>();
      for (int i = 0; i < PLACES_0.size(); i++) {
        int squeeze = 16 * (i / 2 + 1);
        fires.put(
            (first ? PLACES_0 : PLACES_1).get(i), new Fire(squeeze, 4 * squeeze, 4 * squeeze));
      }
      return new SqueezeNet(name, 3, first ? 96 : 64, first ? 7 : 3, fires, classes);
    }

    @Override
    public Optional<Architecture> recognise(Map<String, long[]> shapes) {
      TensorShapes tensors = new TensorShapes(shapes);
      List<Integer> places = List.copyOf(tensors.numbers("features.#.squeeze.weight"));
      boolean first = places.equals(PLACES_0);
      if (!first && !places.equals(PLACES_1)) {
        return Optional.empty();
      }
      Map<Integer, Fire> fires = new TreeMap<>();
      for (int place : places) {
        String fire = "features." + place + ".";
        fires.put(
            place,
            new Fire(
                tensors.side(fire + "squeeze.weight", 0, 16),
                tensors.side(fire + "expand1x1.weight", 0, 64),
                tensors.side(fire + "expand3x3.weight", 0, 64)));
      }
      return Optional.of(
          new SqueezeNet(
              first ? "squeezenet1_0" : "squeezenet1_1",
              tensors.side("features.0.weight", 1, 3),
              tensors.side("features.0.weight", 0, 64),
              first ? 7 : 3,
              fires,
              tensors.side("classifier.1.weight", 0, 1)));
    }
  }

  @Override
  public String headLabel() {
    return "torchvision";
  }

  /** The stem and each fire. */
  @Override
  public List<String> blocks() {
    List<String> blocks = new ArrayList<>(List.of("features.2"));
    fires.keySet().forEach(place -> blocks.add("features." + place));
    return blocks;
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
    int last = fires.get(lastPlace()).out();
    int y =
        graph.scope(
            "classifier",
            Layers.SEQUENTIAL,
            features,
            x -> {
              int maps = graph.op("0", new Dropout(0.5), x);
              maps = layers.conv("1", last, classes, 1, 1, true, maps);
              return graph.op("3", new AdaptiveAvgPool2d(), graph.op("2", new ReLU(), maps));
            });
    graph.output(Trace.LOGITS, graph.op("flatten", new Flatten(), y));
    return graph.build();
  }

  private int lastPlace() {
    return fires.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  private int body(GraphBuilder graph, Layers layers, int image) {
    int y = layers.conv("0", inChannels, stem, kernel, 2, 0, 1, true, image);
    y = graph.op("1", new ReLU(), y);
    int in = stem;
    for (int place = 2; place <= lastPlace(); place++) {
      Fire fire = fires.get(place);
      if (fire == null) {
        y = layers.maxPool(Integer.toString(place), 3, 2, 0, true, y);
      } else {
        int channels = in;
        y =
            graph.scope(
                Integer.toString(place), "Fire", y, x -> fire(graph, layers, channels, fire, x));
        in = fire.out();
      }
    }
    return y;
  }

  private static int fire(GraphBuilder graph, Layers layers, int in, Fire fire, int x) {
    int y = layers.conv("squeeze", in, fire.squeeze, 1, 1, true, x);
    y = graph.op("squeeze_activation", new ReLU(), y);
    int one = layers.conv("expand1x1", fire.squeeze, fire.expand1, 1, 1, true, y);
    one = graph.op("expand1x1_activation", new ReLU(), one);
    int three = layers.conv("expand3x3", fire.squeeze, fire.expand3, 3, 1, true, y);
    three = graph.op("expand3x3_activation", new ReLU(), three);
    return graph.op("cat", new Concat(1), one, three);
  }
}
