package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/** The sum of a branch and its shortcut. */
record AddStep(int branch, int shortcut) implements GpuStep {

  @Override
  public boolean fits(List<Shape> shapes) {
    return shapes.get(0).equals(shapes.get(1));
  }

  @Override
  public List<Integer> inputs() {
    return List.of(branch, shortcut);
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout.of(pass.schedule()).math().add(pass.value(branch), pass.value(shortcut), y);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    Tensor own = pass.own(value, dy);
    if (!pass.wants(branch)) {
      pass.add(shortcut, own);
      return;
    }
    if (pass.wants(shortcut)) {
      pass.add(shortcut, GpuLayout.of(pass.schedule()).copy(value, own));
    }
    pass.add(branch, own);
  }
}
