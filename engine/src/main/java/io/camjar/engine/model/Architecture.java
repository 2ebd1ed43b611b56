package io.camjar.engine.model;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.run.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What tells one network from another, without its parameters: how its graph is written down, and
 * which of its points people ask for.
 *
 * <p>Implementations are values: immutable, equal where they describe the same network.
 */
public interface Architecture {

  /** What users call it, such as {@code resnet34}. */
  String name();

  /** Channels of the image, 3 for colour and 1 for grayscale. */
  int inChannels();

  /** How many classes it scores; 0 if there is no classifier. */
  int classes();

  /** The kind of its head, such as {@code torchvision} or {@code fastai1}. */
  String headLabel();

  /**
   * Writes the graph down with a {@link GraphBuilder}; paths are the names of its parameters. Its
   * input is {@link Points#INPUT}, its output {@link Trace#LOGITS}.
   */
  Graph graph();

  /**
   * Its classifiers in network order where there are several, each with a result of its own; the
   * last one's is {@link Trace#LOGITS} as well. Empty where there is one.
   */
  default List<Exit> exits() {
    return List.of();
  }

  /**
   * Whether a layer belongs to a classifier and not to the body in front of it; by PyTorch's usual
   * names of a classifier unless the network says otherwise.
   */
  default boolean isHead(String path) {
    int dot = path.indexOf('.');
    return Set.of("head", "heads", "fc", "classifier")
        .contains(dot < 0 ? path : path.substring(0, dot));
  }

  /** The paths of the points of the evolution in network order, such as the stem and each block. */
  List<String> blocks();

  /** The paths of the top-level modules in network order, as PyTorch's {@code children()}. */
  List<String> children();

  /** Other names of a point, such as fastai's {@code 0.6.2} for {@code layer3.2}. */
  default List<String> aliases(String path) {
    return List.of();
  }

  /** The size of the images that it is meant for. */
  default InputSize inputSize() {
    return InputSize.any(InputSize.USUAL);
  }

  /**
   * The same network for images of another size, where a parameter belongs to a size; empty where
   * that is no size for it, and where it takes any.
   */
  default Optional<Resized> resized(int height, int width) {
    return Optional.empty();
  }

  /** How the tokens of a point that has maps lie on the image; empty where maps are images. */
  default Optional<PatchGrid> patches(String path) {
    return Optional.empty();
  }

  /** What no parameter shows of the network and is taken as published, a clause. */
  default String unseen() {
    return "pools and activations, which no tensor shows, are those of " + name();
  }

  /** Whether a tensor of a file belongs to a part that only trains. */
  default boolean trainsOnly(String tensor) {
    return false;
  }

  /** Whether a point whose output has this shape has a map on the image. */
  default boolean hasMaps(String path, long... shape) {
    return shape.length == 4;
  }

  /** Names and shapes of parameters and buffers, in the order of PyTorch's file. */
  default Map<String, long[]> parameterShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    graph().parameterShapes().forEach((name, shape) -> shapes.put(name, shape.toArray()));
    return shapes;
  }
}
