package io.camjar.engine.train;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.SmallArchitecture;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;

/** The network {@code Depthwise} of make_training_goldens.py. */
final class DepthwiseNetwork {
  private DepthwiseNetwork() {}

  static Architecture architecture() {
    return new SmallArchitecture(
        "depthwise", List.of("relu1", "relu2", "drop", "relu4"), DepthwiseNetwork::layers);
  }

  private static int layers(GraphBuilder graph, int x) {
    int y = conv(graph, "1", 3, 16, 3, 2, 1, x);
    y = graph.op("relu1", new ReLU(), y);
    y = graph.op("relu2", new ReLU(), conv(graph, "2", 16, 16, 3, 1, 16, y));
    y = graph.op("drop", new Dropout(0.1), conv(graph, "3", 16, 24, 1, 1, 1, y));
    y = graph.op("relu4", new ReLU(), conv(graph, "4", 24, 24, 5, 2, 24, y));
    y = graph.op("flatten", new Flatten(), graph.op("avgpool", new AdaptiveAvgPool2d(), y));
    return graph.op("fc", new Linear(24, 5, true), graph.op("dropout", new Dropout(0.3), y));
  }

  private static int conv(
      GraphBuilder graph,
      String number,
      int in,
      int out,
      int kernel,
      int stride,
      int groups,
      int x) {
    Conv2dGeometry geometry = Conv2dGeometry.square(in, out, kernel, stride, kernel / 2);
    Conv2d conv = new Conv2d(geometry, false).withGroups(groups);
    int y = graph.op("conv" + number, conv, x);
    return graph.op("bn" + number, BatchNorm.of2d(out), y);
  }
}
