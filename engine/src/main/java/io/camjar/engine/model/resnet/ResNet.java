package io.camjar.engine.model.resnet;

import static io.camjar.engine.model.resnet.Residual.conv;
import static io.camjar.engine.model.resnet.Residual.norm;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The graph of a residual network (He et al., arXiv 1512.03385); paths are PyTorch's keys. */
final class ResNet {
  private static final String SEQUENTIAL = "Sequential";

  private final ResNetSpec spec;
  private final GraphBuilder graph = new GraphBuilder();

  private ResNet(ResNetSpec spec) {
    this.spec = spec;
  }

  /** The graph of a specification; its output is {@link Trace#LOGITS}. */
  static Graph graph(ResNetSpec spec) {
    ResNet net = new ResNet(spec);
    int y = net.stem(net.graph.input(Points.INPUT));
    int in = spec.width();
    for (int stage = 1; stage <= 4; stage++) {
      y = net.stage(stage, in, y);
      in = spec.channels(stage);
    }
    net.graph.output(Trace.LOGITS, net.head(y));
    return net.graph.build();
  }

  private int stem(int image) {
    return graph.group(
        "stem",
        SEQUENTIAL,
        image,
        x -> {
          int y =
              spec.stem() instanceof Stem.Deep deep
                  ? deepStem(deep, x)
                  : conv(graph, "conv1", spec.inChannels(), spec.width(), 7, 2, x);
          y = norm(graph, "bn1", spec.width(), y);
          y = graph.op("relu", new ReLU(), y);
          return graph.op("maxpool", new MaxPool2d(Pool2dGeometry.square(3, 2, 1)), y);
        });
  }

  private int deepStem(Stem.Deep deep, int image) {
    return graph.scope(
        "conv1",
        SEQUENTIAL,
        image,
        x -> {
          int y = conv(graph, "0", spec.inChannels(), deep.first(), 3, 2, x);
          y = graph.op("2", new ReLU(), norm(graph, "1", deep.first(), y));
          y = conv(graph, "3", deep.first(), deep.second(), 3, 1, y);
          y = graph.op("5", new ReLU(), norm(graph, "4", deep.second(), y));
          return conv(graph, "6", deep.second(), spec.width(), 3, 1, y);
        });
  }

  private int stage(int stage, int stageIn, int input) {
    return graph.scope(
        "layer" + stage,
        SEQUENTIAL,
        input,
        x -> {
          int y = x;
          for (int block = 0; block < spec.depths().get(stage - 1); block++) {
            int in = block == 0 ? stageIn : spec.channels(stage);
            // The map halves at each stage but the first.
            int stride = block == 0 && stage > 1 ? 2 : 1;
            y = block(Integer.toString(block), stage, in, stride, y);
          }
          return y;
        });
  }

  private int block(String name, int stage, int in, int stride, int x) {
    int out = spec.channels(stage);
    IntUnaryOperator gate = branch -> spec.gates().build(graph, stage, out, branch);
    return spec.block() == BlockKind.BASIC
        ? new BasicBlock(in, spec.planes(stage), stride, spec.shortcut(), gate)
            .build(graph, name, x)
        : new Bottleneck(
                in, spec.innerChannels(stage), out, spec.groups(), stride, spec.shortcut(), gate)
            .build(graph, name, x);
  }

  private int head(int body) {
    if (spec.head() instanceof SequentialHead head) {
      return layers("head", head.layers(), body);
    }
    int y = graph.op("avgpool", new AdaptiveAvgPool2d(), body);
    y = graph.op("flatten", new Flatten(), y);
    if (spec.head() instanceof LayeredHead head) {
      return layers("fc", head.layers(), y);
    } else if (spec.head() instanceof LinearHead head) {
      return graph.op("fc", new Linear(spec.features(), head.classes(), head.bias()), y);
    }
    return y;
  }

  private int layers(String name, List<Op> layers, int input) {
    return graph.scope(
        name,
        SEQUENTIAL,
        input,
        x -> {
          int y = x;
          for (int i = 0; i < layers.size(); i++) {
            y = graph.op(Integer.toString(i), layers.get(i), y);
          }
          return y;
        });
  }
}
