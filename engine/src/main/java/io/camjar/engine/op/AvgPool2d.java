package io.camjar.engine.op;

import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Average pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}; padding and overhang are not
 * counted ({@code count_include_pad=False}).
 *
 * @param geometry the window
 */
public record AvgPool2d(Pool2dGeometry geometry) implements Op {

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
    return frame.kernels().avgPool2d(geometry, frame.input());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    frame.inputGradient(0, frame.kernels().avgPool2dBackward(geometry, dy, x.at(2), x.at(3)));
  }
}
