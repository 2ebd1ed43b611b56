package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean, sum or maximum over some axes. Where several numbers are the maximum, each gets an even
 * share of the gradient, as PyTorch's {@code amax} has it.
 *
 * @param reduction what is computed
 * @param axes counted from the end where they are negative; all if there is none
 * @param keepDims whether the axes stay as sides of 1
 */
public record Reduce(Kind reduction, List<Integer> axes, boolean keepDims) implements Op {

  /** What is computed. */
  public enum Kind {
    MEAN("Mean"),
    SUM("Sum"),
    MAX("Max");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  public Reduce {
    axes = List.copyOf(axes);
  }

  /** A reduction over these axes that drops them. */
  public static Reduce of(Kind reduction, Integer... axes) {
    return new Reduce(reduction, List.of(axes), false);
  }

  @Override
  public String kind() {
    return reduction.label;
  }

  @Override
  public boolean hasKinks() {
    return reduction == Kind.MAX;
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    axes.forEach(axis -> Axis.number(this, path, axis, x));
    Shape kept = kept(x);
    if (keepDims) {
      return kept;
    }
    long[] sides = new long[x.rank()];
    int rank = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!reduces(axis, x.rank())) {
        sides[rank++] = x.side(axis);
      }
    }
    return Shape.of(Arrays.copyOf(sides, rank));
  }

  private boolean reduces(int axis, int rank) {
    return axes.isEmpty() || axes.contains(axis) || axes.contains(axis - rank);
  }

  /** The result's shape with the axes that went as sides of 1. */
  private Shape kept(Shape x) {
    Shape kept = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      kept = reduces(axis, x.rank()) ? kept.with(axis, 1) : kept;
    }
    return kept;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return reduction == Kind.MAX ? Set.of(Reads.INPUTS, Reads.OUTPUT) : Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape shape = frame.inputShape(0);
    Shape kept = kept(shape);
    double[] x = HostCopy.doubles(frame.input());
    double[] y = new double[Math.toIntExact(kept.length())];
    if (reduction == Kind.MAX) {
      Arrays.fill(y, Double.NEGATIVE_INFINITY);
      Broadcast.run(shape, shape, kept, (i, j, k) -> y[k] = Math.max(y[k], x[i]));
    } else {
      Broadcast.run(shape, shape, kept, (i, j, k) -> y[k] += x[i]);
      double share = share(shape, kept);
      for (int k = 0; k < y.length; k++) {
        y[k] *= share;
      }
    }
    long[] sides = output("", List.of(shape)).toArray();
    return HostCopy.array(y, frame.input().dataType(), sides);
  }

  private double share(Shape shape, Shape kept) {
    return reduction == Kind.MEAN ? (double) kept.length() / shape.length() : 1;
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape shape = frame.inputShape(0);
    Shape kept = kept(shape);
    double[] d = HostCopy.doubles(dy);
    double[] dx = new double[Math.toIntExact(shape.length())];
    if (reduction == Kind.MAX) {
      double[] x = HostCopy.doubles(frame.input());
      double[] y = HostCopy.doubles(frame.output());
      int[] ties = new int[y.length];
      Broadcast.run(shape, shape, kept, (i, j, k) -> ties[k] += x[i] == y[k] ? 1 : 0);
      Broadcast.run(shape, shape, kept, (i, j, k) -> dx[i] = x[i] == y[k] ? d[k] / ties[k] : 0);
    } else {
      double share = share(shape, kept);
      Broadcast.run(shape, shape, kept, (i, j, k) -> dx[i] = d[k] * share);
    }
    frame.inputGradient(0, HostCopy.array(dx, dy.dataType(), shape.toArray()));
  }
}
