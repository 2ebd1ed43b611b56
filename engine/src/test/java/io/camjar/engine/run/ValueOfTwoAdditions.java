package io.camjar.engine.run;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.SmallArchitecture;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Scale;
import java.util.List;

/** {@code second = twice + (twice + thrice)}, of which the means are classified. */
final class ValueOfTwoAdditions {
  private ValueOfTwoAdditions() {}

  static Architecture architecture() {
    return new SmallArchitecture("two additions", List.of("second"), ValueOfTwoAdditions::layers);
  }

  private static int layers(GraphBuilder graph, int x) {
    int twice = graph.op("twice", new Scale(2), x);
    int thrice = graph.op("thrice", new Scale(3), x);
    int first = graph.op("first", new Add(), twice, thrice);
    int second = graph.op("second", new Add(), twice, first);
    int mean = graph.op("avgpool", new AdaptiveAvgPool2d(), second);
    return graph.op("fc", new Linear(3, 5, true), graph.op("flatten", new Flatten(), mean));
  }
}
