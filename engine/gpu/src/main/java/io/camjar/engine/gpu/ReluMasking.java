package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.run.Backward;

/** The backward of a ReLU, which any step may end with. */
final class ReluMasking {
  private ReluMasking() {}

  /** What of a value's gradient passes the ReLU that made the value; maybe {@code dy} itself. */
  static Tensor masked(Backward<Tensor> pass, int value, Tensor dy) {
    if (pass.isMasked(value)) {
      return dy;
    }
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor passed = pass.schedule().asks(value) ? layout.take(value) : dy;
    layout.math().reluBackward(dy, pass.value(value), passed, pass.schedule().request().guided());
    return passed;
  }
}
