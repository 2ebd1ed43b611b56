package io.camjar.engine.model.family;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;

/** Layers that families have in common, written into a graph. */
final class Layers {
  static final String SEQUENTIAL = "Sequential";

  private final GraphBuilder graph;
  private final double eps;

  /**
   * Writes into a graph.
   *
   * @param eps that of the batch norms
   */
  Layers(GraphBuilder graph, double eps) {
    this.graph = graph;
    this.eps = eps;
  }

  /** A square convolution that keeps the size, but for its stride. */
  int conv(String name, int in, int out, int kernel, int stride, boolean bias, int x) {
    return conv(name, in, out, kernel, stride, kernel / 2, 1, bias, x);
  }

  /** A square convolution in groups. */
  int conv(
      String name,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      int groups,
      boolean bias,
      int x) {
    Conv2d conv = new Conv2d(Conv2dGeometry.square(in, out, kernel, stride, padding), bias);
    return graph.op(name, groups == 1 ? conv : conv.withGroups(groups), x);
  }

  /** A batch norm of images. */
  int norm(String name, int features, int x) {
    return graph.op(name, new BatchNorm(2, features, eps, BatchNorm.MOMENTUM), x);
  }

  /**
   * torchvision's {@code Conv2dNormActivation}: a convolution without bias {@code 0}, its batch
   * norm {@code 1} and the activation {@code 2}.
   */
  int convNorm(
      String name, int in, int out, int kernel, int stride, int groups, Op activation, int x) {
    return graph.scope(
        name,
        "Conv2dNormActivation",
        x,
        input -> {
          int y = conv("0", in, out, kernel, stride, kernel / 2, groups, false, input);
          return graph.op("2", activation, norm("1", out, y));
        });
  }

  /** A max-pool. */
  int maxPool(String name, int kernel, int stride, int padding, boolean ceil, int x) {
    Pool2dGeometry window =
        new Pool2dGeometry(kernel, kernel, stride, stride, padding, padding, ceil);
    return graph.op(name, new MaxPool2d(window), x);
  }

  /** The sum of a branch and what it came from. */
  int add(int branch, int shortcut) {
    return graph.op("add", new Add(), branch, shortcut);
  }
}
