package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The same numbers in another shape.
 *
 * @param sides of the result; 0 keeps the input's side of the same place, {@link #axis} takes one
 *     of another place, and one may be -1, which follows from the others
 */
public record Reshape(List<Long> sides) implements Op {

  /**
   * A reshape.
   *
   * @throws CamjarException if more than one side is -1
   */
  public Reshape {
    sides = List.copyOf(sides);
    if (sides.stream().filter(side -> side == -1).count() > 1) {
      throw new CamjarException("a reshape can have one side of -1, found %s".formatted(sides));
    }
  }

  /** What stands among the sides for the input's side of this place, counted from 0. */
  public static long axis(int place) {
    return -2L - place;
  }

  /** The place of the input's side that a side stands for; -1 if it is no {@link #axis}. */
  public static int place(long side) {
    return side < -1 ? Math.toIntExact(-2 - side) : -1;
  }

  /** A reshape to these sides. */
  public static Reshape of(Long... sides) {
    return new Reshape(List.of(sides));
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    long[] result = new long[sides.size()];
    long known = 1;
    int open = -1;
    for (int i = 0; i < result.length; i++) {
      result[i] = sides.get(i);
      int place = result[i] == 0 ? i : place(result[i]);
      if (place >= x.rank() && result[i] < 0) {
        throw mismatch(path, "with a side %d".formatted(place), x);
      }
      if (place >= 0 && place < x.rank()) {
        result[i] = x.side(place);
      }
      if (result[i] == -1) {
        open = i;
      } else {
        known *= result[i];
      }
    }
    if (open >= 0 && known > 0 && x.length() % known == 0) {
      result[open] = x.length() / known;
      known = x.length();
    }
    if (known != x.length() || (open >= 0 && result[open] < 1)) {
      throw mismatch(path, "that has as many numbers as %s".formatted(sides), x);
    }
    return Shape.of(result);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape shape = output("", List.of(frame.inputShape(0)));
    // A copy, not a view: every array of a pass is closed on its own.
    return frame.input().reshape('c', shape.toArray()).dup('c');
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, dy.reshape('c', frame.inputShape(0).toArray()).dup('c'));
  }
}
