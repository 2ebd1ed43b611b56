package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers laid around a tensor; negative widths cut off.
 *
 * @param mode where the numbers come from
 * @param before how many before each axis
 * @param after how many behind each axis
 * @param value the constant
 */
public record Pad(Mode mode, List<Long> before, List<Long> after, double value) implements Op {

  /** Where the numbers come from. */
  public enum Mode {
    /** A constant. */
    CONSTANT,
    /** The tensor itself, mirrored at its border, which is not repeated. */
    REFLECT,
    /** The tensor's border. */
    EDGE
  }

  /**
   * A padding.
   *
   * @throws CamjarException if there are not as many widths behind as before
   */
  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
    if (before.size() != after.size()) {
      throw new CamjarException(
          "padding needs a width before and behind each axis, found %s and %s"
              .formatted(before, after));
    }
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    boolean fits = x.rank() == before.size();
    long[] sides = x.toArray();
    for (int axis = 0; fits && axis < sides.length; axis++) {
      long most = Math.max(before.get(axis), after.get(axis));
      fits = mode != Mode.REFLECT || most < sides[axis];
      sides[axis] += before.get(axis) + after.get(axis);
      fits &= sides[axis] > 0;
    }
    if (!fits) {
      throw mismatch(path, "that fits %s before and %s behind".formatted(before, after), x);
    }
    return Shape.of(sides);
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray y = frame.input();
    for (int axis = 0; axis < before.size(); axis++) {
      if (before.get(axis) != 0 || after.get(axis) != 0) {
        INDArray longer = taps(axis, y.size(axis)).forward(y, axis, value);
        if (y != frame.input()) {
          y.close();
        }
        y = longer;
      }
    }
    return y == frame.input() ? y.dup('c') : y;
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    INDArray dx = dy;
    for (int axis = before.size() - 1; axis >= 0; axis--) {
      if (before.get(axis) != 0 || after.get(axis) != 0) {
        long length = frame.inputShape(0).side(axis);
        INDArray shorter = taps(axis, length).backward(dx, axis, length);
        if (dx != dy) {
          dx.close();
        }
        dx = shorter;
      }
    }
    frame.inputGradient(0, dx);
  }

  private Taps taps(int axis, long length) {
    int first = Math.toIntExact(-before.get(axis));
    int end = Math.toIntExact(length + after.get(axis));
    int last = (int) length - 1;
    return Taps.picks(IntStream.range(first, end).map(i -> place(i, last)).toArray());
  }

  private int place(int i, int last) {
    return switch (mode) {
      case CONSTANT -> i > last ? -1 : i;
      case EDGE -> Math.max(0, Math.min(i, last));
      case REFLECT -> i < 0 ? -i : i > last ? 2 * last - i : i;
    };
  }
}
