package io.camjar.engine.train;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SmallArchitecture;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import java.util.List;

/** Five classes from the means of three channels: nothing but {@code fc}. */
final class LinearNetwork {
  private LinearNetwork() {}

  static Network make() {
    return Network.of(
        new SmallArchitecture("linear", List.of("avgpool"), LinearNetwork::layers),
        new SyntheticParameters());
  }

  private static int layers(GraphBuilder graph, int x) {
    int y = graph.op("avgpool", new AdaptiveAvgPool2d(), x);
    return graph.op("fc", new Linear(3, 5, true), graph.op("flatten", new Flatten(), y));
  }
}
