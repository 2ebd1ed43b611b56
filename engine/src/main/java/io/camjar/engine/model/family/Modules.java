package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Op;
import io.camjar.engine.run.Trace;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/** The modules that families share, written into a graph. */
final class Modules {
  private static final String SEQUENTIAL = "Sequential";

  private final GraphBuilder graph = new GraphBuilder();
  private final double eps;
  private final double momentum;

  /** A writer whose batch norms are PyTorch's default ones. */
  Modules() {
    this(BatchNorm.EPS, BatchNorm.MOMENTUM);
  }

  /** A writer whose batch norms have these attributes. */
  Modules(double eps, double momentum) {
    this.eps = eps;
    this.momentum = momentum;
  }

  /** The graph of a network from its image to its logits. */
  Graph network(IntUnaryOperator body) {
    graph.output(Trace.LOGITS, body.applyAsInt(graph.input(Points.INPUT)));
    return graph.build();
  }

  int op(String name, Op op, int... inputs) {
    return graph.op(name, op, inputs);
  }

  int scope(String name, String kind, int x, IntUnaryOperator body) {
    return graph.scope(name, kind, x, body);
  }

  int sequential(String name, int x, IntUnaryOperator body) {
    return graph.scope(name, SEQUENTIAL, x, body);
  }

  /** Blocks numbered from 0 on, each on the one before. */
  int sequential(String name, int count, int x, ToIntBiFunction<Integer, Integer> block) {
    return sequential(
        name,
        x,
        first -> {
          int y = first;
          for (int i = 0; i < count; i++) {
            y = block.applyAsInt(i, y);
          }
          return y;
        });
  }

  int conv(String name, Conv2dGeometry geometry, int groups, boolean bias, int x) {
    return op(name, new Conv2d(geometry, bias).withGroups(groups), x);
  }

  int conv(String name, int in, int out, int kernel, int stride, int pad, boolean bias, int x) {
    return conv(name, Conv2dGeometry.square(in, out, kernel, stride, pad), 1, bias, x);
  }

  int norm(String name, int features, int x) {
    return op(name, new BatchNorm(2, features, eps, momentum), x);
  }

  /** torchvision's convolution, norm and activation, where there is one. */
  int convNorm(String name, Conv2dGeometry geometry, int groups, @Nullable Op activation, int x) {
    return scope(
        name,
        "Conv2dNormActivation",
        x,
        in -> {
          int y = norm("1", geometry.outChannels(), conv("0", geometry, groups, false, in));
          return activation == null ? y : op("2", activation, y);
        });
  }

  /** The same with a square kernel, padded so that stride 1 keeps the size. */
  int convNorm(
      String name,
      int in,
      int out,
      int kernel,
      int stride,
      int groups,
      @Nullable Op activation,
      int x) {
    Conv2dGeometry geometry = Conv2dGeometry.square(in, out, kernel, stride, kernel / 2);
    return convNorm(name, geometry, groups, activation, x);
  }

  int maxPool(String name, int kernel, int stride, int pad, boolean ceil, int x) {
    return op(
        name, new MaxPool2d(new Pool2dGeometry(kernel, kernel, stride, stride, pad, pad, ceil)), x);
  }

  int add(int a, int b) {
    return op("add", new Add(), a, b);
  }

  /** Squeeze and excitation (Hu et al., arXiv 1709.01507) of a channel's mean. */
  int squeezeExcitation(String name, int channels, int squeezed, Op activation, Op scale, int x) {
    return scope(
        name,
        "SqueezeExcitation",
        x,
        in -> {
          int y = op("avgpool", new AdaptiveAvgPool2d(), in);
          y = op("activation", activation, conv("fc1", channels, squeezed, 1, 1, 0, true, y));
          y = op("scale_activation", scale, conv("fc2", squeezed, channels, 1, 1, 0, true, y));
          return op("mul", new Mul(), in, y);
        });
  }

  /** The means of the last maps as features. */
  int pooled(int x) {
    return op("flatten", new Flatten(), op("avgpool", new AdaptiveAvgPool2d(), x));
  }

  /** Dropout and a linear layer. */
  int classifier(double dropout, int features, int classes, int x) {
    return sequential(
        "classifier",
        x,
        y -> op("1", new Linear(features, classes, true), op("0", new Dropout(dropout), y)));
  }

  /** A number of channels as MobileNet rounds it: a multiple of 8, at most a tenth smaller. */
  static int divisible(double channels) {
    int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
    return rounded < 0.9 * channels ? rounded + 8 : rounded;
  }
}
