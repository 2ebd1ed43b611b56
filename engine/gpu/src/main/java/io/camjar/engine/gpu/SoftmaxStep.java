package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/**
 * Softmax along a side, or its logarithm.
 *
 * @param node the operation
 * @param axis the side; negative ones count from the last
 */
record SoftmaxStep(Node node, int axis, boolean logarithm, int x) implements GpuStep.Unary {

  /** The side's length, and how far its numbers lie apart. */
  private int[] side(GpuLayout layout) {
    Shape in = layout.graphShape(node.inputs().get(0));
    int at = axis < 0 ? axis + in.rank() : axis;
    long stride = 1;
    for (int side = at + 1; side < in.rank(); side++) {
      stride *= in.side(side);
    }
    return new int[] {in.at(at), Math.toIntExact(stride)};
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    int[] side = side(layout);
    layout.pools().softmax(pass.value(x), y, side[0], side[1], logarithm);
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(value);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy, Tensor dx) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    int[] side = side(layout);
    layout.pools().softmaxBackward(dy, pass.value(value), dx, side[0], side[1], logarithm);
  }
}
