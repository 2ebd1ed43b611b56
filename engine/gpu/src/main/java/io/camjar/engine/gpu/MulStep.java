package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/** The product of two values of one shape, or of images and gates {@code [N, C, 1, 1]}. */
record MulStep(int a, int b) implements GpuStep {

  @Override
  public boolean fits(List<Shape> shapes) {
    Shape u = shapes.get(0);
    Shape v = shapes.get(1);
    return u.equals(v) || isGate(u, v) || isGate(v, u);
  }

  private static boolean isGate(Shape x, Shape gate) {
    return x.rank() == 4 && gate.equals(Shape.of(x.side(0), x.side(1), 1, 1));
  }

  @Override
  public List<Integer> inputs() {
    return List.of(a, b);
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    multiply(GpuLayout.of(pass.schedule()), pass.value(a), pass.value(b), y);
  }

  /** Of two tensors the shorter one is the gates. */
  private static void multiply(GpuLayout layout, Tensor u, Tensor v, Tensor y) {
    if (u.length() == v.length()) {
      layout.math().multiply(u, v, y);
    } else if (u.length() > v.length()) {
      layout.math().gate(u, v, y);
    } else {
      layout.math().gate(v, u, y);
    }
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(a, b);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    backward(pass, a, b, dy);
    backward(pass, b, a, dy);
  }

  private static void backward(Backward<Tensor> pass, int of, int other, Tensor dy) {
    if (!pass.wants(of)) {
      return;
    }
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor factor = pass.value(other);
    Tensor gradient =
        layout.filled(
            of,
            dx -> {
              if (dx.length() < dy.length()) {
                layout.pools().gateBackward(dy, factor, dx);
              } else {
                multiply(layout, dy, factor, dx);
              }
            });
    pass.add(of, gradient);
  }
}
