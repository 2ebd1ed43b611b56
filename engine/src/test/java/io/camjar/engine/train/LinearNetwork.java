package io.camjar.engine.train;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.run.Trace;
import java.util.List;

/** Five classes from the means of three channels: nothing but {@code fc}. */
final class LinearNetwork implements Architecture {

  static Network make() {
    return Network.of(new LinearNetwork(), new SyntheticParameters());
  }

  @Override
  public String name() {
    return "linear";
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
    int y = graph.op("avgpool", new AdaptiveAvgPool2d(), graph.input(Points.INPUT));
    y = graph.op("fc", new Linear(3, 5, true), graph.op("flatten", new Flatten(), y));
    graph.output(Trace.LOGITS, y);
    return graph.build();
  }

  @Override
  public List<String> blocks() {
    return List.of("avgpool");
  }

  @Override
  public List<String> children() {
    return List.of("avgpool", "fc");
  }
}
