package io.camjar.engine.model;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.run.Trace;
import java.util.List;

/**
 * An architecture for tests: of three channels and five classes.
 *
 * @param blocks its children, of which each is a point of the evolution
 * @param layers what it computes
 */
public record SmallArchitecture(String name, List<String> blocks, Layers layers)
    implements Architecture {

  /** Adds layers to a graph. */
  public interface Layers {
    /** From the value of the input to the value of the logits. */
    int add(GraphBuilder graph, int x);
  }

  @Override
  public int inChannels() {
    return 3;
  }

  @Override
  public int classes() {
    return 5;
  }

  @Override
  public String headLabel() {
    return "";
  }

  @Override
  public Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    graph.output(Trace.LOGITS, layers.add(graph, graph.input(Points.INPUT)));
    return graph.build();
  }

  @Override
  public List<String> children() {
    return blocks;
  }
}
