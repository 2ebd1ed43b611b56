package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tensors laid one behind the other along an axis; any number of them.
 *
 * @param axis counted from the end where it is negative
 */
public record Concat(int axis) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape first = inputs.get(0);
    int at = Axis.number(this, path, axis, first);
    long length = 0;
    for (Shape x : inputs) {
      if (x.rank() != first.rank() || !x.with(at, 1).equals(first.with(at, 1))) {
        throw new ShapeException(
            path, kind(), "inputs alike but for axis %d".formatted(at), inputs.toString());
      }
      length += x.side(at);
    }
    return first.with(at, length);
  }

  @Override
  public INDArray forward(Frame frame) {
    int count = frame.inputs();
    long length = 0;
    int number = axis < 0 ? axis + frame.inputShape(0).rank() : axis;
    for (int i = 0; i < count; i++) {
      length += frame.inputShape(i).side(number);
    }
    Shape shape = frame.inputShape(0).with(number, length);
    Object y = Numbers.zeros(frame.input(0).dataType(), shape.length());
    int at = 0;
    for (int i = 0; i < count; i++) {
      copy(Numbers.of(frame.input(i)), frame.inputShape(i), y, shape, at, true);
      at += frame.inputShape(i).at(number);
    }
    return Numbers.array(y, shape.toArray());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Object d = Numbers.of(dy);
    Shape shape = Shape.of(dy);
    int at = 0;
    for (int i = 0; i < frame.inputs(); i++) {
      Shape x = frame.inputShape(i);
      if (frame.wantsInput(i)) {
        Object dx = Numbers.zeros(dy.dataType(), x.length());
        copy(dx, x, d, shape, at, false);
        frame.inputGradient(i, Numbers.array(dx, x.toArray()));
      }
      at += Axis.of(x, axis).length();
    }
  }

  /** Copies a part into the whole from place {@code at} of the axis on, or back. */
  private void copy(
      Object part, Shape partShape, Object whole, Shape wholeShape, int at, boolean intoWhole) {
    Axis of = Axis.of(partShape, axis);
    int inner = of.inner();
    int block = of.length() * inner;
    int step = Axis.of(wholeShape, axis).length() * inner;
    for (int o = 0; o < of.outer(); o++) {
      if (intoWhole) {
        System.arraycopy(part, o * block, whole, o * step + at * inner, block);
      } else {
        System.arraycopy(whole, o * step + at * inner, part, o * block, block);
      }
    }
  }
}
