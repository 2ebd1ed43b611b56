package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor repeated to a larger shape by NumPy's broadcasting, such as a class token for each image
 * of a batch.
 *
 * @param sides of the result; -1 keeps the input's, and 0 takes the side that a second input, which
 *     is not read otherwise, has at the same place
 */
public record Expand(List<Long> sides) implements Op {

  public Expand {
    sides = List.copyOf(sides);
  }

  /** An expansion to these sides. */
  public static Expand of(Long... sides) {
    return new Expand(List.of(sides));
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = inputs.get(0);
    long[] result = new long[Math.max(x.rank(), sides.size())];
    for (int i = 0; i < result.length; i++) {
      int own = i - (result.length - x.rank());
      int place = i - (result.length - sides.size());
      long side = place < 0 ? -1 : sides.get(place);
      if (side == 0 && inputs.size() > 1 && place < inputs.get(1).rank()) {
        side = inputs.get(1).side(place);
      }
      result[i] = side == -1 && own >= 0 ? x.side(own) : side;
    }
    Shape wanted = Shape.of(result);
    @Nullable Shape y = wanted.length() < 1 ? null : Broadcast.of(x, wanted);
    if (y == null) {
      throw new ShapeException(
          path, kind(), "an input that can be repeated to %s".formatted(sides), x.toString());
    }
    return y;
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape from = frame.inputShape(0);
    Shape shape =
        output("", frame.inputs() > 1 ? List.of(from, frame.inputShape(1)) : List.of(from));
    double[] x = HostCopy.doubles(frame.input());
    double[] y = new double[Math.toIntExact(shape.length())];
    Broadcast.run(shape, from, from, (i, j, k) -> y[i] = x[j]);
    return HostCopy.array(y, frame.input().dataType(), shape.toArray());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    if (frame.wantsInput(0)) {
      Shape to = frame.inputShape(0);
      double[] d = HostCopy.doubles(dy);
      double[] dx = new double[Math.toIntExact(to.length())];
      Broadcast.run(Shape.of(dy), to, to, (i, j, k) -> dx[j] += d[i]);
      frame.inputGradient(0, HostCopy.array(dx, dy.dataType(), to.toArray()));
    }
    if (frame.inputs() > 1) {
      // Only its shape counts.
      frame.zeroGradient(1, dy.dataType());
    }
  }
}
