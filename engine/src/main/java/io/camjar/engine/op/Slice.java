package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import io.camjar.engine.ShapeException;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Part of an axis, as ONNX's Slice: places from {@code start} on and before {@code end}. Negative
 * places count from the end, and places outside are moved to the border.
 *
 * @param axis counted from the end where it is negative
 * @param start the first place
 * @param end the first place that is left out
 * @param step from one place to the next; negative goes backward
 */
public record Slice(int axis, long start, long end, long step) implements Op {

  /**
   * A slice.
   *
   * @throws CamjarException if the step is 0
   */
  public Slice {
    if (step == 0) {
      throw new CamjarException("a slice needs a step other than 0");
    }
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    int at = Axis.number(this, path, axis, x);
    int length = places(x.side(at)).length;
    if (length == 0) {
      throw new ShapeException(
          path,
          kind(),
          "an input whose axis %d has places between %d and %d".formatted(axis, start, end),
          x.toString());
    }
    return x.with(at, length);
  }

  @Override
  public INDArray forward(Frame frame) {
    int at = axis(frame);
    return Taps.picks(places(frame.inputShape(0).side(at))).forward(frame.input(), at, 0);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    int at = axis(frame);
    long length = frame.inputShape(0).side(at);
    frame.inputGradient(0, Taps.picks(places(length)).backward(dy, at, length));
  }

  private int axis(Frame frame) {
    return axis < 0 ? axis + frame.inputShape(0).rank() : axis;
  }

  private int[] places(long length) {
    boolean ahead = step > 0;
    long from = clamp(start, length, 0, ahead ? length : length - 1);
    long to = clamp(end, length, ahead ? 0 : -1, ahead ? length : length - 1);
    return ahead
        ? IntStream.iterate((int) from, i -> i < to, i -> (int) Math.min(i + step, to)).toArray()
        : IntStream.iterate((int) from, i -> i > to, i -> (int) Math.max(i + step, to)).toArray();
  }

  private static long clamp(long place, long length, long low, long high) {
    return Math.max(low, Math.min(place < 0 ? place + length : place, high));
  }
}
