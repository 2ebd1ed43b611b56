package io.camjar.engine.op;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The sides of a tensor, of any rank: images are {@code [N, C, H, W]}, features {@code [N, F]}. */
public final class Shape {
  private final long[] sides;

  private Shape(long[] sides) {
    this.sides = sides;
  }

  /** A shape of these sides. */
  public static Shape of(long... sides) {
    return new Shape(sides.clone());
  }

  /** The shape of an array. */
  public static Shape of(INDArray array) {
    return new Shape(array.shape());
  }

  /** How many sides there are. */
  public int rank() {
    return sides.length;
  }

  /** One side, counted from 0. */
  public long side(int axis) {
    return sides[axis];
  }

  /** One side, counted from 0, as an index of Java arrays. */
  public int at(int axis) {
    return Math.toIntExact(sides[axis]);
  }

  /** The same shape with another side. */
  public Shape with(int axis, long side) {
    long[] changed = sides.clone();
    changed[axis] = side;
    return new Shape(changed);
  }

  /** The product of all sides. */
  public long length() {
    long length = 1;
    for (long side : sides) {
      length *= side;
    }
    return length;
  }

  /** The sides; a new array. */
  public long[] toArray() {
    return sides.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sides, shape.sides);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sides);
  }

  /** As PyTorch prints it, {@code [1, 3, 224, 224]}. */
  @Override
  public String toString() {
    return Arrays.toString(sides);
  }
}
