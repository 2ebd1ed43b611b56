package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/** An average pool. */
record AvgPoolStep(Node node, AvgPool2d op, int x) implements GpuStep.Unary {

  private Shape in(GpuLayout layout) {
    return layout.graphShape(node.inputs().get(0));
  }

  private Shape out(GpuLayout layout) {
    return op.output(node.path(), List.of(in(layout)));
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    layout.pools().average(op, pass.value(x), in(layout), y, out(layout));
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy, Tensor dx) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    layout.pools().averageBackward(op, dy, out(layout), dx, in(layout));
  }
}
