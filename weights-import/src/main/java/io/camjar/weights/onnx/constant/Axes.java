package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;

/** Axes as ONNX counts them: negative ones from the end. */
public final class Axes {
  private Axes() {}

  /** An axis of a tensor of this rank, from 0 on. */
  public static int of(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw Malformed.damaged("a tensor of %d dimensions has no axis %d".formatted(rank, axis));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Several axes of a tensor of this rank, in ascending order. */
  public static int[] of(long[] axes, int rank) {
    int[] found = Arrays.stream(axes).mapToInt(axis -> of(axis, rank)).sorted().toArray();
    for (int i = 1; i < found.length; i++) {
      if (found[i] == found[i - 1]) {
        throw Malformed.damaged("axis " + found[i] + " is named twice");
      }
    }
    return found;
  }

  /** All axes of a tensor of this rank. */
  public static int[] all(int rank) {
    int[] axes = new int[rank];
    Arrays.setAll(axes, d -> d);
    return axes;
  }

  /** Whether an axis is among them. */
  public static boolean contains(int[] axes, int axis) {
    return Arrays.stream(axes).anyMatch(a -> a == axis);
  }

  /** The shape without those axes. */
  public static long[] without(long[] shape, int[] axes) {
    long[] left = new long[shape.length - axes.length];
    int next = 0;
    for (int d = 0; d < shape.length; d++) {
      if (!contains(axes, d)) {
        left[next++] = shape[d];
      }
    }
    return left;
  }

  /** The shape with sides of 1 put in, at axes of the result. */
  public static long[] with(long[] shape, int[] axes) {
    long[] wider = new long[shape.length + axes.length];
    int next = 0;
    for (int d = 0; d < wider.length; d++) {
      wider[d] = contains(axes, d) ? 1 : shape[next++];
    }
    return wider;
  }
}
