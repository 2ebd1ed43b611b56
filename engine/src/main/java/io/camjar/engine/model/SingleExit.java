package io.camjar.engine.model;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network that ends with one of the exits of another: what lies behind it is left out.
 *
 * @param whole the network with all exits
 * @param exit the one that it ends with
 */
record SingleExit(Architecture whole, Exit exit) implements Architecture {

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
    return whole.classes();
  }

  @Override
  public String headLabel() {
    return whole.headLabel();
  }

  @Override
  public Graph graph() {
    return whole.graph().endingWith(exit.output(), Trace.LOGITS);
  }

  @Override
  public List<String> blocks() {
    return present(whole.blocks());
  }

  @Override
  public List<String> children() {
    return present(whole.children());
  }

  @Override
  public boolean isHead(String path) {
    return whole.isHead(path);
  }

  private List<String> present(List<String> paths) {
    Set<String> there = graph().layers().stream().map(Layer::path).collect(Collectors.toSet());
    return paths.stream().filter(there::contains).toList();
  }

  @Override
  public List<String> aliases(String path) {
    return whole.aliases(path);
  }

  @Override
  public InputSize inputSize() {
    return whole.inputSize();
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
  public boolean hasMaps(String path, long... shape) {
    return whole.hasMaps(path, shape);
  }
}
