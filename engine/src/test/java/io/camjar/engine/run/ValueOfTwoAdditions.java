package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Scale;
import java.util.List;

/** {@code second = twice + (twice + thrice)}, of which the means are classified. */
final class ValueOfTwoAdditions implements Architecture {

  @Override
  public String name() {
    return "two additions";
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
    int x = graph.input(Points.INPUT);
    int twice = graph.op("twice", new Scale(2), x);
    int thrice = graph.op("thrice", new Scale(3), x);
    int first = graph.op("first", new Add(), twice, thrice);
    int second = graph.op("second", new Add(), twice, first);
    int mean = graph.op("avgpool", new AdaptiveAvgPool2d(), second);
    int logits = graph.op("fc", new Linear(3, 5, true), graph.op("flatten", new Flatten(), mean));
    graph.output(Trace.LOGITS, logits);
    return graph.build();
  }

  @Override
  public List<String> blocks() {
    return List.of("second");
  }

  @Override
  public List<String> children() {
    return List.of("twice", "thrice", "first", "second", "avgpool", "fc");
  }
}
