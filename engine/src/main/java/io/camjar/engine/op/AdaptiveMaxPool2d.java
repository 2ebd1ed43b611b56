package io.camjar.engine.op;

import io.camjar.engine.kernel.MaxPooled;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The maximum over the whole image, {@code [N, C, H, W]} to {@code [N, C, 1, 1]}. */
public record AdaptiveMaxPool2d() implements Op {

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
    MaxPooled pooled =
        frame.kernels().maxPool2d(PoolShapes.window(frame.inputShape(0)), frame.input());
    if (frame.wantsInput(0)) {
      frame.save(pooled.argmax());
    }
    return pooled.values();
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    int[] argmax = frame.saved(int[].class);
    frame.inputGradient(
        0, frame.kernels().maxPool2dBackward(dy, argmax, frame.inputShape(0).toArray()));
  }
}
