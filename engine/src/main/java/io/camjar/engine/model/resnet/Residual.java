package io.camjar.engine.model.resnet;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.ReLU;
import java.util.function.IntUnaryOperator;

/** What residual blocks have in common: {@code relu(branch(x) + shortcut(x))}. */
final class Residual {
  private final GraphBuilder graph;
  private final Shortcut shortcut;
  private final int in;
  private final int out;
  private final int stride;

  Residual(GraphBuilder graph, Shortcut shortcut, int in, int out, int stride) {
    this.graph = graph;
    this.shortcut = shortcut;
    this.in = in;
    this.out = out;
    this.stride = stride;
  }

  /**
   * A block; inside, {@code add} names the sum before the last ReLU.
   *
   * @param kind its class in PyTorch
   * @param relu the name of the last ReLU
   */
  int block(String name, String kind, String relu, int input, IntUnaryOperator branch) {
    return graph.scope(
        name,
        kind,
        input,
        x -> {
          int from = graph.names();
          // The shortcut is computed first and listed last: the branch then ends with the sum.
          int carried = stride == 1 && in == out ? x : downsample(x);
          int to = graph.names();
          int y = branch.applyAsInt(x);
          graph.listLast(from, to);
          return graph.op(relu, new ReLU(), graph.op("add", new Add(), y, carried));
        });
  }

  private int downsample(int input) {
    return graph.scope(
        "downsample",
        "Sequential",
        input,
        x -> {
          if (shortcut == Shortcut.CONV) {
            return norm(graph, "1", out, conv(graph, "0", in, out, 1, stride, x));
          }
          // timm pools only where the block is strided: AvgPool2d(2, 2, ceil_mode=True).
          Pool2dGeometry window = new Pool2dGeometry(stride, stride, stride, stride, 0, 0, true);
          int y = graph.op("0", new AvgPool2d(window), x);
          return norm(graph, "2", out, conv(graph, "1", in, out, 1, 1, y));
        });
  }

  /** A square convolution without bias that keeps the size, but for its stride. */
  static int conv(GraphBuilder graph, String name, int in, int out, int kernel, int stride, int x) {
    Conv2dGeometry geometry = Conv2dGeometry.square(in, out, kernel, stride, kernel / 2);
    return graph.op(name, new Conv2d(geometry, false), x);
  }

  static int norm(GraphBuilder graph, String name, int features, int x) {
    return graph.op(name, BatchNorm.of2d(features), x);
  }
}
