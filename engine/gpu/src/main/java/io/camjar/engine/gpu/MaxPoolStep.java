package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/** A max-pool; its backward finds the maxima again. */
record MaxPoolStep(Node node, Pool2dGeometry geometry, int x) implements GpuStep.Unary {

  private Shape in(GpuLayout layout) {
    return layout.graphShape(node.inputs().get(0));
  }

  private Shape out(GpuLayout layout) {
    return node.op().output(node.path(), List.of(in(layout)));
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    layout.pools().max(geometry, pass.value(x), in(layout), y, out(layout));
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(x);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy, Tensor dx) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    layout.pools().maxBackward(geometry, dy, pass.value(x), in(layout), dx, out(layout));
  }
}
