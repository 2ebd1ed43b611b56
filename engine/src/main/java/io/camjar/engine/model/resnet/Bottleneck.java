package io.camjar.engine.model.resnet;

import static io.camjar.engine.model.resnet.Residual.conv;
import static io.camjar.engine.model.resnet.Residual.norm;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.ReLU;
import java.util.function.IntUnaryOperator;

/**
 * The block of ResNet-50 and deeper: {@code conv1 bn1 relu1 conv2 bn2 relu2 conv3 bn3}, {@code
 * add}, {@code relu3}; 1x1, 3x3, 1x1, the stride on the 3x3 (torchvision's "v1.5").
 *
 * @param in channels that come in
 * @param inner channels of the 3x3 convolution
 * @param out channels of the output
 * @param groups of the 3x3 convolution
 * @param stride of the 3x3 convolution
 * @param shortcut how the shortcut changes shape where it has to
 * @param gate from the branch to what has passed its gate
 */
public record Bottleneck(
    int in, int inner, int out, int groups, int stride, Shortcut shortcut, IntUnaryOperator gate) {

  /** A block without groups and without a gate. */
  public Bottleneck(int in, int inner, int out, int stride, Shortcut shortcut) {
    this(in, inner, out, 1, stride, shortcut, branch -> branch);
  }

  /** Writes the block down; its value. */
  public int build(GraphBuilder graph, String name, int x) {
    return new Residual(graph, shortcut, in, out, stride)
        .block(name, "Bottleneck", "relu3", x, input -> branch(graph, input));
  }

  private int branch(GraphBuilder graph, int x) {
    int y = conv(graph, "conv1", in, inner, 1, 1, x);
    y = graph.op("relu1", new ReLU(), norm(graph, "bn1", inner, y));
    Conv2dGeometry geometry = Conv2dGeometry.square(inner, inner, 3, stride, 1);
    y = graph.op("conv2", new Conv2d(geometry, false).withGroups(groups), y);
    y = graph.op("relu2", new ReLU(), norm(graph, "bn2", inner, y));
    y = norm(graph, "bn3", out, conv(graph, "conv3", inner, out, 1, 1, y));
    return gate.applyAsInt(y);
  }
}
