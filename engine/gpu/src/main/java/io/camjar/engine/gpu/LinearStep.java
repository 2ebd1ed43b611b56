package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.DeviceMath.Matrix;
import io.camjar.engine.gpu.math.Ending;
import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Lent;
import io.camjar.engine.op.Linear;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer on the last side with what is folded into it.
 *
 * @param op the layer
 * @param weights where its numbers come from
 * @param residual a value added to the sums, or null
 * @param function what the sums go through last; besides ReLU only where no gradient crosses it
 */
record LinearStep(Linear op, Weights weights, int x, @Nullable Integer residual, Function function)
    implements Foldable {

  @Override
  public LinearStep withAffine(double[] scale, double[] shift) {
    return new LinearStep(op, weights.scaled(scale, shift), x, residual, function);
  }

  @Override
  public LinearStep withResidual(int value) {
    return new LinearStep(op, weights, x, value, function);
  }

  @Override
  public LinearStep withFunction(Function last) {
    return new LinearStep(op, weights, x, residual, last);
  }

  @Override
  public @Nullable String learns() {
    return weights.path();
  }

  private Lent matrix(GpuLayout layout) {
    return weights.on(layout, "matrix", weights::values);
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor in = pass.value(x);
    try (Lent matrix = matrix(layout);
        Lent bias = weights.biasOn(layout)) {
      layout
          .math()
          .product(
              new Matrix(in, op.in(), 1, 0),
              new Matrix(matrix.tensor(), 1, op.in(), 0),
              y,
              1,
              in.length() / op.in(),
              op.out(),
              op.in(),
              new Ending(
                  bias == null ? null : bias.tensor(),
                  residual == null ? null : pass.value(residual),
                  null,
                  function));
    }
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return Learning.reads(this, value, parameters);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    ReluMasking.passed(pass, value, dy, relu(), gradient -> back(pass, value, gradient));
  }

  private void back(Backward<Tensor> pass, int value, Tensor gradient) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    int count = gradient.length() / op.out();
    if (pass.schedule().trains(value)) {
      Matrix outputs = new Matrix(gradient, 1, op.out(), 0);
      Matrix inputs = new Matrix(pass.value(x), op.in(), 1, 0);
      Learning.weight(
          pass,
          weights,
          dw ->
              layout
                  .math()
                  .product(outputs, inputs, dw, 1, op.out(), op.in(), count, Ending.NOTHING));
      Learning.bias(pass, weights, gradient, op.out(), 1);
    }
    if (pass.wants(x)) {
      Matrix rows = new Matrix(gradient, op.out(), 1, 0);
      try (Lent matrix = matrix(layout)) {
        Matrix columns = new Matrix(matrix.tensor(), op.in(), 1, 0);
        pass.add(
            x,
            layout.filled(
                x,
                dx ->
                    layout
                        .math()
                        .product(rows, columns, dx, 1, count, op.in(), op.out(), Ending.NOTHING)));
      }
    }
    if (residual != null && pass.wants(residual)) {
      pass.add(residual, pass.own(value, gradient));
    } else {
      pass.discard(value, gradient);
    }
  }
}
