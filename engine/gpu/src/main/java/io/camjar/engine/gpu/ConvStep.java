package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.Ending;
import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
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

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    DeviceConv2d conv = new DeviceConv2d(layout.device(), op);
    Shape in = layout.graphShape(node.inputs().get(0));
    conv.forward(
        pass.value(x),
        in,
        conv.upload(weights.on(layout.uploads()), weights::values, in, false),
        taps(layout, conv, false),
        y,
        op.output(node.path(), List.of(in)),
        new Ending(
            weights.bias(layout.uploads()),
            residual == null ? null : pass.value(residual),
            null,
            function),
        layout.arena());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return relu() ? List.of(value) : List.of();
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    ReluMasking.passed(pass, value, dy, relu(), gradient -> back(pass, value, gradient));
  }

  private void back(Backward<Tensor> pass, int value, Tensor gradient) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    if (pass.wants(x)) {
      DeviceConv2d conv = new DeviceConv2d(layout.device(), op);
      Shape in = layout.graphShape(node.inputs().get(0));
      Tensor before = pass.gradientSoFar(x);
      Tensor mask = pass.masks(value, x) ? pass.value(x) : null;
      Consumer<Tensor> fill =
          dx ->
              conv.backwardInput(
                  gradient,
                  op.output(node.path(), List.of(in)),
                  conv.upload(weights.on(layout.uploads()), weights::values, in, true),
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
    if (residual != null && pass.wants(residual)) {
      pass.add(residual, pass.own(value, gradient));
    } else {
      pass.discard(value, gradient);
    }
  }
}
