package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.DeviceWeightGradient;
import io.camjar.engine.gpu.math.Ending;
import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Lent;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with what is folded into it.
 *
 * @param node the operation
 * @param op the convolution
 * @param weights where its numbers come from
 * @param residual a value added to the sums, or null
 * @param function what the sums go through last; besides ReLU only where no gradient crosses it
 */
record ConvStep(
    Node node, Conv2d op, Weights weights, int x, @Nullable Integer residual, Function function)
    implements Foldable {

  @Override
  public boolean fits(List<Shape> shapes) {
    return shapes.get(0).rank() == 4 && DeviceConv2d.supports(op);
  }

  @Override
  public ConvStep withAffine(double[] scale, double[] shift) {
    return new ConvStep(node, op, weights.scaled(scale, shift), x, residual, function);
  }

  @Override
  public ConvStep withResidual(int value) {
    return new ConvStep(node, op, weights, x, value, function);
  }

  @Override
  public ConvStep withFunction(Function last) {
    return new ConvStep(node, op, weights, x, residual, last);
  }

  @Override
  public @Nullable String learns() {
    return weights.path();
  }

  private DeviceMemory taps(GpuLayout layout, DeviceConv2d conv, boolean backward) {
    return layout
        .uploads()
        .numbers(List.of(weights.path(), "taps", backward), () -> conv.taps(backward));
  }

  /** The weights as the convolution reads them. */
  private Lent laid(GpuLayout layout, DeviceConv2d conv, Shape in, boolean backward) {
    if (!weights.learned() || !conv.laysOut(in, backward)) {
      return weights.uploaded(
          layout, uploads -> conv.upload(uploads, weights::values, in, backward));
    }
    try (Lent oihw = layout.arena().lend(weights.values())) {
      return layout
          .arena()
          .lend(oihw.tensor().length(), laid -> conv.layOut(oihw.tensor(), laid, backward));
    }
  }

  private Shape in(GpuLayout layout) {
    return layout.graphShape(node.inputs().get(0));
  }

  private Shape out(Shape in) {
    return op.output(node.path(), List.of(in));
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    DeviceConv2d conv = new DeviceConv2d(layout.device(), op);
    Shape in = in(layout);
    try (Lent laid = laid(layout, conv, in, false);
        Lent bias = weights.biasOn(layout)) {
      conv.forward(
          pass.value(x),
          in,
          laid.memory(),
          taps(layout, conv, false),
          y,
          out(in),
          new Ending(
              bias == null ? null : bias.tensor(),
              residual == null ? null : pass.value(residual),
              null,
              function),
          layout.arena());
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
    DeviceConv2d conv = new DeviceConv2d(layout.device(), op);
    Shape in = in(layout);
    Shape out = out(in);
    if (pass.schedule().trains(value)) {
      DeviceWeightGradient learning = new DeviceWeightGradient(layout.device(), op);
      Learning.weight(
          pass,
          weights,
          dw ->
              learning.run(
                  gradient, out, pass.value(x), in, taps(layout, conv, false), dw, layout.arena()));
      Learning.bias(pass, weights, gradient, out.at(1), out.at(2) * out.at(3));
    }
    if (pass.wants(x)) {
      Tensor before = pass.gradientSoFar(x);
      Tensor mask = pass.masks(value, x) ? pass.value(x) : null;
      try (Lent laid = laid(layout, conv, in, true)) {
        Consumer<Tensor> fill =
            dx ->
                conv.backwardInput(
                    gradient,
                    out,
                    laid.memory(),
                    taps(layout, conv, true),
                    dx,
                    in,
                    new Ending(null, before, mask, Function.NONE),
                    layout.arena());
        if (before == null) {
          pass.set(x, layout.filled(x, fill));
        } else {
          fill.accept(before);
        }
      }
    }
    if (residual != null && pass.wants(residual)) {
      pass.add(residual, pass.own(value, gradient));
    } else {
      pass.discard(value, gradient);
    }
  }
}
