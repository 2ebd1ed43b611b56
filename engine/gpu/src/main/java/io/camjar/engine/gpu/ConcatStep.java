package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import java.util.List;

/**
 * Values one behind the other along a side.
 *
 * @param node the operation
 * @param parts the values
 * @param axis the side; negative ones count from the last
 */
record ConcatStep(Node node, List<Integer> parts, int axis) implements GpuStep {

  @Override
  public List<Integer> inputs() {
    return parts;
  }

  /** Numbers of a part behind one another. */
  private int row(GpuLayout layout, int part) {
    Shape shape = layout.graphShape(node.inputs().get(part));
    int from = axis < 0 ? axis + shape.rank() : axis;
    long row = 1;
    for (int side = from; side < shape.rank(); side++) {
      row *= shape.side(side);
    }
    return Math.toIntExact(row);
  }

  private int whole(GpuLayout layout) {
    int whole = 0;
    for (int part = 0; part < parts.size(); part++) {
      whole += row(layout, part);
    }
    return whole;
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    int whole = whole(layout);
    int offset = 0;
    for (int part = 0; part < parts.size(); part++) {
      int row = row(layout, part);
      layout.math().place(pass.value(parts.get(part)), y, row, whole, offset);
      offset += row;
    }
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    int whole = whole(layout);
    int offset = 0;
    for (int part = 0; part < parts.size(); part++) {
      int row = row(layout, part);
      if (pass.wants(parts.get(part))) {
        int from = offset;
        Tensor gradient =
            layout.filled(parts.get(part), dx -> layout.math().slice(dy, dx, row, whole, from));
        pass.add(parts.get(part), gradient);
      }
      offset += row;
    }
  }
}
