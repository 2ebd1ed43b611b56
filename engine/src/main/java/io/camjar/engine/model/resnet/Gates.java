package io.camjar.engine.model.resnet;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Sigmoid;
import java.util.List;

/**
 * Squeeze and excitation (Hu et al., arXiv 1709.01507) at the end of each residual branch: each
 * channel times the sigmoid of a number that two layers compute from all channels' means.
 *
 * @param kind what the two layers are; {@link Kind#NONE} for a network without
 * @param reduced channels between the two layers in each stage; empty for a network without
 */
public record Gates(Kind kind, List<Integer> reduced) {
  /** A network without. */
  public static final Gates NONE = new Gates(Kind.NONE, List.of());

  /** What the two layers are and are called. */
  public enum Kind {
    /** There are none. */
    NONE,
    /** 1x1 convolutions with biases, as in timm: {@code se.fc1}, {@code se.fc2}. */
    CONVOLUTIONS,
    /** Linear layers without biases, as in moskomule/senet.pytorch: {@code se.fc.0, se.fc.2}. */
    LINEAR
  }

  /**
   * Gates.
   *
   * @throws CamjarException if they have not one width of 1 or more in each of four stages, or
   *     widths without a kind
   */
  public Gates {
    reduced = List.copyOf(reduced);
    if (reduced.size() != (kind == Kind.NONE ? 0 : 4) || reduced.stream().anyMatch(r -> r < 1)) {
      throw new CamjarException(
          "gates have a positive width in each of four stages, found " + reduced);
    }
  }

  /**
   * Those of timm's networks: a 16th of the channels, rounded to a multiple of 8.
   *
   * @param channels of each stage's output
   */
  static Gates usual(List<Integer> channels) {
    return new Gates(
        Kind.CONVOLUTIONS, channels.stream().map(c -> Math.max(8, (c / 16 + 4) / 8 * 8)).toList());
  }

  /**
   * Writes the gate of a block down; the value that has passed it.
   *
   * @param stage 1 to 4
   * @param channels of the branch
   */
  int build(GraphBuilder graph, int stage, int channels, int branch) {
    if (kind == Kind.NONE) {
      return branch;
    }
    int inner = reduced.get(stage - 1);
    boolean linear = kind == Kind.LINEAR;
    return graph.scope(
        "se",
        linear ? "SELayer" : "SEModule",
        branch,
        x -> {
          int y = graph.op("avg_pool", new AdaptiveAvgPool2d(), x);
          y = linear ? linear(graph, channels, inner, y) : convolutions(graph, channels, inner, y);
          return graph.op("mul", new Mul(), x, y);
        });
  }

  private static int convolutions(GraphBuilder graph, int channels, int inner, int means) {
    int y =
        graph.op("fc1", new Conv2d(Conv2dGeometry.square(channels, inner, 1, 1, 0), true), means);
    y = graph.op("act", new ReLU(), y);
    y = graph.op("fc2", new Conv2d(Conv2dGeometry.square(inner, channels, 1, 1, 0), true), y);
    return graph.op("gate", new Sigmoid(), y);
  }

  private static int linear(GraphBuilder graph, int channels, int inner, int means) {
    int flat = graph.op("flatten", new Flatten(), means);
    int y =
        graph.scope(
            "fc",
            "Sequential",
            flat,
            x -> {
              int z = graph.op("0", new Linear(channels, inner, false), x);
              z = graph.op("2", new Linear(inner, channels, false), graph.op("1", new ReLU(), z));
              return graph.op("3", new Sigmoid(), z);
            });
    return graph.op("view", Reshape.of(0L, (long) channels, 1L, 1L), y);
  }
}
