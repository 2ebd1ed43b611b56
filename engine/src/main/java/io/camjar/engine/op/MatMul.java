package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of matrices, {@code [..., M, K]} and {@code [..., K, N]} to {@code [..., M, N]}; the
 * sides before are broadcast.
 */
public record MatMul() implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    if (a.rank() >= 2 && b.rank() >= 2 && a.side(a.rank() - 1) == b.side(b.rank() - 2)) {
      @Nullable Shape batch = Broadcast.of(batch(a), batch(b));
      if (batch != null) {
        long[] sides = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
        sides[batch.rank()] = a.side(a.rank() - 2);
        sides[batch.rank() + 1] = b.side(b.rank() - 1);
        return Shape.of(sides);
      }
    }
    throw new ShapeException(
        path, kind(), "inputs of shapes [..., M, K] and [..., K, N]", a + " and " + b);
  }

  private static Shape batch(Shape x) {
    return Shape.of(Arrays.copyOf(x.toArray(), x.rank() - 2));
  }

  @Override
  public long multiplyAccumulates(Shape input, Shape output) {
    return output.length() * input.side(input.rank() - 1);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape shapeA = frame.inputShape(0);
    Shape shapeB = frame.inputShape(1);
    Shape shape = output("", List.of(shapeA, shapeB));
    Matrices a = new Matrices(frame.input(0));
    Matrices b = new Matrices(frame.input(1));
    Matrices y = new Matrices(frame.input(0), shape);
    Kernels kernels = frame.kernels();
    Broadcast.run(
        batch(shape),
        batch(shapeA),
        batch(shapeB),
        (i, j, k) -> {
          try (INDArray left = a.matrix(j);
              INDArray right = b.matrix(k)) {
            y.add(i, kernels.linearBackwardInput(left, right));
          }
        });
    return y.array();
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape shapeA = frame.inputShape(0);
    Shape shapeB = frame.inputShape(1);
    Matrices d = new Matrices(dy);
    Matrices a = new Matrices(frame.input(0));
    Matrices b = new Matrices(frame.input(1));
    Matrices dA = new Matrices(dy, shapeA);
    Matrices dB = new Matrices(dy, shapeB);
    Kernels kernels = frame.kernels();
    Broadcast.run(
        batch(Shape.of(dy)),
        batch(shapeA),
        batch(shapeB),
        (i, j, k) -> {
          try (INDArray one = d.matrix(i);
              INDArray left = a.matrix(j);
              INDArray right = b.matrix(k)) {
            if (frame.wantsInput(0)) {
              dA.add(j, kernels.linear(one, right, null));
            }
            if (frame.wantsInput(1)) {
              dB.add(k, kernels.linearBackwardWeight(left, one));
            }
          }
        });
    if (frame.wantsInput(0)) {
      frame.inputGradient(0, dA.array());
    }
    if (frame.wantsInput(1)) {
      frame.inputGradient(1, dB.array());
    }
  }

  /** A tensor as matrices, one behind the other. */
  private static final class Matrices {
    private final Object numbers;
    private final INDArray like;
    private final Shape shape;
    private final int rows;
    private final int columns;

    /** The numbers of an array. */
    Matrices(INDArray array) {
      this(array, Shape.of(array), Numbers.of(array));
    }

    /** Zeros of this shape and the array's type. */
    Matrices(INDArray like, Shape shape) {
      this(like, shape, Numbers.zeros(like.dataType(), shape.length()));
    }

    private Matrices(INDArray like, Shape shape, Object numbers) {
      this.like = like;
      this.shape = shape;
      this.numbers = numbers;
      this.rows = shape.at(shape.rank() - 2);
      this.columns = shape.at(shape.rank() - 1);
    }

    INDArray matrix(int number) {
      int length = rows * columns;
      Object one = Numbers.zeros(like.dataType(), length);
      System.arraycopy(numbers, number * length, one, 0, length);
      return Numbers.array(one, rows, columns);
    }

    /** Adds a product, which is closed. */
    void add(int number, INDArray product) {
      int from = number * rows * columns;
      if (numbers instanceof float[] floats) {
        float[] more = HostCopy.floats(product);
        for (int i = 0; i < more.length; i++) {
          floats[from + i] += more[i];
        }
      } else {
        double[] more = HostCopy.doubles(product);
        for (int i = 0; i < more.length; i++) {
          ((double[]) numbers)[from + i] += more[i];
        }
      }
      product.close();
    }

    INDArray array() {
      return Numbers.array(numbers, shape.toArray());
    }
  }
}
