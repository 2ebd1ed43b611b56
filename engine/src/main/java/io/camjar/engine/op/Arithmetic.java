package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of two numbers on two tensors, whose shapes are broadcast as NumPy does it. A gradient
 * is summed over the places that a number was repeated at.
 */
public interface Arithmetic extends Op {

  /** The function. */
  double value(double a, double b);

  /** Its derivative by the first number. */
  double byFirst(double a, double b);

  /** Its derivative by the second number. */
  double bySecond(double a, double b);

  /** Whether the derivatives are the same for all numbers, so that no input need be kept. */
  default boolean isLinear() {
    return false;
  }

  @Override
  default Shape output(String path, List<Shape> inputs) {
    return Broadcast.of(this, path, inputs);
  }

  @Override
  default Set<Reads> backwardReads(boolean training, boolean parameters) {
    return isLinear() ? Set.of() : Set.of(Reads.INPUTS);
  }

  @Override
  default INDArray forward(Frame frame) {
    Shape shapeA = frame.inputShape(0);
    Shape shapeB = frame.inputShape(1);
    Shape shape = output("", List.of(shapeA, shapeB));
    double[] a = HostCopy.doubles(frame.input(0));
    double[] b = HostCopy.doubles(frame.input(1));
    double[] y = new double[Math.toIntExact(shape.length())];
    Broadcast.run(shape, shapeA, shapeB, (i, j, k) -> y[i] = value(a[j], b[k]));
    return HostCopy.array(y, frame.input(0).dataType(), shape.toArray());
  }

  @Override
  default void backward(Frame frame, INDArray dy) {
    Shape shapeA = frame.inputShape(0);
    Shape shapeB = frame.inputShape(1);
    double[] d = HostCopy.doubles(dy);
    double[] a = values(frame, 0);
    double[] b = values(frame, 1);
    for (int input = 0; input < 2; input++) {
      if (!frame.wantsInput(input)) {
        continue;
      }
      boolean first = input == 0;
      Shape shape = frame.inputShape(input);
      double[] dx = new double[Math.toIntExact(shape.length())];
      Broadcast.run(
          Shape.of(dy),
          shapeA,
          shapeB,
          (i, j, k) -> {
            double slope = first ? byFirst(a[j], b[k]) : bySecond(a[j], b[k]);
            dx[first ? j : k] += d[i] * slope;
          });
      frame.inputGradient(input, HostCopy.array(dx, dy.dataType(), shape.toArray()));
    }
  }

  private double[] values(Frame frame, int input) {
    return isLinear()
        ? new double[Math.toIntExact(frame.inputShape(input).length())]
        : HostCopy.doubles(frame.input(input));
  }
}
