package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean over the whole image, {@code [N, C, H, W]} to {@code [N, C, 1, 1]}. */
public record AdaptiveAvgPool2d() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return PoolShapes.global(this, path, Op.same(inputs));
  }

  @Override
  public INDArray forward(Frame frame) {
    return frame.kernels().avgPool2d(PoolShapes.window(frame.inputShape(0)), frame.input());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    frame.inputGradient(
        0, frame.kernels().avgPool2dBackward(PoolShapes.window(x), dy, x.at(2), x.at(3)));
  }
}
