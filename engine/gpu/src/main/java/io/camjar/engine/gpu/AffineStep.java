package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/**
 * {@code f(x * scale[c] + shift[c])}: a batch norm that evaluates, or a product or sum with a
 * parameter of a number a channel.
 *
 * @param node the operation
 * @param place which of the operation's inputs {@code x} is
 * @param relu whether negative results become 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AffineStep(Node node, double[] scale, double[] shift, int x, int place, boolean relu)
    implements GpuStep {

  @Override
  public boolean fits(List<Shape> shapes) {
    Shape in = shapes.get(place);
    return (in.rank() == 4 || (in.rank() == 2 && shapes.size() == 1)) && in.side(1) == scale.length;
  }

  AffineStep withRelu() {
    return new AffineStep(node, scale, shift, x, place, true);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  private int plane(GpuLayout layout) {
    Shape in = layout.graphShape(node.inputs().get(place));
    return Math.toIntExact(in.length() / in.side(0) / in.side(1));
  }

  private Tensor numbers(GpuLayout layout, String what, double[] numbers) {
    return layout.uploads().floats(List.of(node.path(), what), () -> floats(numbers));
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    layout
        .math()
        .affine(
            pass.value(x),
            numbers(layout, "scale", scale),
            numbers(layout, "shift", shift),
            y,
            plane(layout),
            relu ? Function.RELU : Function.NONE);
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return relu ? List.of(value) : List.of();
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    ReluMasking.passed(pass, value, dy, relu, gradient -> back(pass, value, gradient));
  }

  private void back(Backward<Tensor> pass, int value, Tensor gradient) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor factors = numbers(layout, "scale", scale);
    int plane = plane(layout);
    pass.add(x, layout.filled(x, dx -> layout.math().scale(gradient, factors, dx, plane)));
    pass.discard(value, gradient);
  }
}
