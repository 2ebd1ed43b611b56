package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/** A function of each number by itself. */
record FunctionStep(Function function, int x) implements GpuStep {

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  @Override
  public boolean relu() {
    return function.equals(Function.RELU);
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout.of(pass.schedule()).math().apply(function, pass.value(x), y);
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(relu() ? value : x);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    if (relu()) {
      pass.add(x, pass.own(value, ReluMasking.masked(pass, value, dy)));
      return;
    }
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor in = pass.value(x);
    pass.add(x, layout.filled(x, dx -> layout.math().applyBackward(function, dy, in, dx)));
  }
}
