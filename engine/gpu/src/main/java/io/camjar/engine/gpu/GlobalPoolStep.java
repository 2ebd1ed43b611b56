package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/**
 * A pool over the whole image, to features: the maximum, then the mean, or one of them.
 *
 * @param node the operation
 * @param max whether the maximum is taken; its backward finds the places again
 * @param mean whether the mean is taken
 */
record GlobalPoolStep(Node node, boolean max, boolean mean, int x) implements GpuStep.Unary {

  @Override
  public boolean fits(List<Shape> shapes) {
    return shapes.get(0).rank() == 4;
  }

  private Shape in(GpuLayout layout) {
    return layout.graphShape(node.inputs().get(0));
  }

  private int features(Shape in) {
    return in.at(1) * (max && mean ? 2 : 1);
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Shape in = in(layout);
    if (max) {
      layout.pools().globalMax(pass.value(x), in, y, features(in), 0);
    }
    if (mean) {
      layout.pools().mean(pass.value(x), in, y, features(in), max ? in.at(1) : 0);
    }
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return max ? List.of(x) : List.of();
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy, Tensor dx) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Shape in = in(layout);
    if (mean) {
      layout.pools().meanBackward(dy, dx, in, features(in), max ? in.at(1) : 0);
    } else {
      layout.math().fill(dx, 0);
    }
    if (max) {
      layout.pools().globalMaxBackward(dy, pass.value(x), dx, in, features(in), 0);
    }
  }
}
