package io.camjar.engine.model.resnet;

import static io.camjar.engine.model.resnet.Residual.conv;
import static io.camjar.engine.model.resnet.Residual.norm;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.op.ReLU;
import java.util.function.IntUnaryOperator;

/**
 * The block of ResNet-18 and ResNet-34: {@code conv1 bn1 relu1 conv2 bn2}, {@code add}, {@code
 * relu2}; both convolutions 3x3, the first strided.
 *
 * @param in channels that come in
 * @param planes channels inside and of the output
 * @param stride of the first convolution
 * @param shortcut how the shortcut changes shape where it has to
 * @param gate from the branch to what has passed its gate
 */
public record BasicBlock(int in, int planes, int stride, Shortcut shortcut, IntUnaryOperator gate) {

  /** A block without a gate. */
  public BasicBlock(int in, int planes, int stride, Shortcut shortcut) {
    this(in, planes, stride, shortcut, branch -> branch);
  }

  /** Writes the block down; its value. */
  public int build(GraphBuilder graph, String name, int x) {
    return new Residual(graph, shortcut, in, planes, stride)
        .block(name, "BasicBlock", "relu2", x, input -> branch(graph, input));
  }

  private int branch(GraphBuilder graph, int x) {
    int y = conv(graph, "conv1", in, planes, 3, stride, x);
    y = graph.op("relu1", new ReLU(), norm(graph, "bn1", planes, y));
    y = norm(graph, "bn2", planes, conv(graph, "conv2", planes, planes, 3, 1, y));
    return gate.applyAsInt(y);
  }
}
