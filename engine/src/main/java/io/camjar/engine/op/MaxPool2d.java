package io.camjar.engine.op;

import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Max-pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}; the first maximum wins a tie.
 *
 * @param geometry the window
 */
public record MaxPool2d(Pool2dGeometry geometry) implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return PoolShapes.of(this, path, geometry, Op.same(inputs));
  }

  @Override
  public INDArray forward(Frame frame) {
    MaxPooled pooled = frame.kernels().maxPool2d(geometry, frame.input());
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
