package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Step;
import java.util.List;

/** A step that computes on the device into memory that is taken here. */
interface GpuStep extends Step<Tensor> {

  /**
   * Whether it has a kernel for inputs of these shapes; if not, the operation runs on the host.
   *
   * @param shapes of the operation's inputs
   */
  default boolean fits(List<Shape> shapes) {
    return true;
  }

  /** Computes the value into {@code y}. */
  void forward(Forward<Tensor> pass, int value, Tensor y);

  @Override
  default Tensor forward(Forward<Tensor> pass, int value) {
    return GpuLayout.of(pass.schedule()).filled(value, y -> forward(pass, value, y));
  }

  /** A step of one input whose gradient does not depend on what else reads it. */
  interface Unary extends GpuStep {

    /** The value that it reads. */
    int x();

    /** Computes the gradient of the input into {@code dx}. */
    void backward(Backward<Tensor> pass, int value, Tensor dy, Tensor dx);

    @Override
    default List<Integer> inputs() {
      return List.of(x());
    }

    @Override
    default void backward(Backward<Tensor> pass, int value, Tensor dy) {
      GpuLayout layout = GpuLayout.of(pass.schedule());
      pass.add(x(), layout.filled(x(), dx -> backward(pass, value, dy, dx)));
    }
  }
}
