package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network with other layers in the place of its classifier, as fine-tuning puts them there:
 * {@code densenet.classifier = Sequential(Linear, ReLU, Dropout, Linear)}.
 *
 * @param whole the network with a classifier of its own
 * @param module the path of that, {@code classifier} or {@code fc}
 * @param layers those in its place by full path, in order: the module's own or below it; the last
 *     {@link Linear} decides the class count
 */
public record ReplacedHead(Architecture whole, String module, Map<String, Op> layers)
    implements Architecture {

  /**
   * The network.
   *
   * @throws CamjarException if no layer is linear
   */
  public ReplacedHead {
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    if (layers.values().stream().noneMatch(Linear.class::isInstance)) {
      throw new CamjarException("a classifier needs a linear layer, found none");
    }
  }

  /**
   * The path of the module that scores classes: the outermost that holds the last layer with
   * parameters. Empty where a network has several exits.
   */
  public static Optional<String> moduleOf(Architecture network) {
    if (!network.exits().isEmpty()) {
      return Optional.empty();
    }
    List<Layer> learned = new ArrayList<>();
    Graph graph = network.graph();
    for (Layer layer : graph.layers()) {
      if (layer.node() && !graph.nodes().get(layer.value()).op().parameters().isEmpty()) {
        learned.add(layer);
      }
    }
    return learned.isEmpty()
        ? Optional.empty()
        : Optional.of(learned.get(learned.size() - 1).path().replaceFirst("\\..*", ""));
  }

  /** As records are, and by the order of the layers, which maps leave out. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReplacedHead head
        && whole.equals(head.whole)
        && module.equals(head.module)
        && List.copyOf(layers.entrySet()).equals(List.copyOf(head.layers.entrySet()));
  }

  @Override
  public int hashCode() {
    return Objects.hash(whole, module, layers);
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public int inChannels() {
    return whole.inChannels();
  }

  @Override
  public int classes() {
    int classes = 0;
    for (Op layer : layers.values()) {
      if (layer instanceof Linear linear) {
        classes = linear.out();
      }
    }
    return classes;
  }

  @Override
  public String headLabel() {
    return whole.headLabel();
  }

  @Override
  public Graph graph() {
    return whole.graph().replacing(module, layers);
  }

  @Override
  public boolean isHead(String path) {
    return path.equals(module) || path.startsWith(module + ".");
  }

  @Override
  public List<String> blocks() {
    return whole.blocks();
  }

  @Override
  public List<String> children() {
    return whole.children();
  }

  @Override
  public List<String> aliases(String path) {
    return isHead(path) ? List.of() : whole.aliases(path);
  }

  @Override
  public InputSize inputSize() {
    return whole.inputSize();
  }

  @Override
  public Optional<Resized> resized(int height, int width) {
    return whole
        .resized(height, width)
        .map(
            other ->
                new Resized(
                    new ReplacedHead(other.architecture(), module, layers),
                    other.parameters(),
                    other.note()));
  }

  @Override
  public Optional<PatchGrid> patches(String path) {
    return whole.patches(path);
  }

  @Override
  public String unseen() {
    return whole.unseen();
  }

  @Override
  public boolean trainsOnly(String tensor) {
    return whole.trainsOnly(tensor);
  }

  @Override
  public boolean hasMaps(String path, long... shape) {
    return whole.hasMaps(path, shape);
  }
}
