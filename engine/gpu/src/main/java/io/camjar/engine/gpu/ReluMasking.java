package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.run.Backward;
import java.util.function.Consumer;

/** The backward of a ReLU, which any step may end with. */
final class ReluMasking {
  private ReluMasking() {}

  /**
   * Goes back with what of a value's gradient passes its ReLU; that is given back where it fails.
   *
   * @param ends whether the step ends with a ReLU
   */
  static void passed(
      Backward<Tensor> pass, int value, Tensor dy, boolean ends, Consumer<Tensor> back) {
    Tensor gradient = ends ? masked(pass, value, dy) : dy;
    try {
      back.accept(gradient);
    } catch (RuntimeException e) {
      pass.discard(value, gradient);
      throw e;
    }
  }

  /** What of a value's gradient passes the ReLU that made the value; maybe {@code dy} itself. */
  static Tensor masked(Backward<Tensor> pass, int value, Tensor dy) {
    if (pass.isMasked(value)) {
      return dy;
    }
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor y = pass.value(value);
    boolean guided = pass.schedule().request().guided();
    if (pass.schedule().asks(value)) {
      return layout.filled(value, passed -> layout.math().reluBackward(dy, y, passed, guided));
    }
    layout.math().reluBackward(dy, y, dy, guided);
    return dy;
  }
}
