package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The second input where the first is not 0, else the third; all three are broadcast. A number that
 * is not taken counts for nothing, also where it is infinite. The gradient goes to what was taken
 * and none to the condition, as of PyTorch's {@code torch.where}.
 */
public record Where() implements Op {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    @Nullable Shape values = Broadcast.of(inputs.get(1), inputs.get(2));
    @Nullable Shape y = values == null ? null : Broadcast.of(inputs.get(0), values);
    if (y == null) {
      throw new ShapeException(
          path,
          kind(),
          "inputs whose sides from the last on are equal or 1",
          "%s, %s and %s".formatted(inputs.toArray()));
    }
    return y;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape of = frame.inputShape(0);
    Shape shape = output("", List.of(of, frame.inputShape(1), frame.inputShape(2)));
    double[] condition = HostCopy.doubles(frame.input(0));
    double[] y = new double[Math.toIntExact(shape.length())];
    for (int input = 1; input <= 2; input++) {
      boolean taken = input == 1;
      double[] x = HostCopy.doubles(frame.input(input));
      Broadcast.run(
          shape,
          of,
          frame.inputShape(input),
          (i, j, k) -> {
            if ((condition[j] != 0) == taken) {
              y[i] = x[k];
            }
          });
    }
    return HostCopy.array(y, frame.input(1).dataType(), shape.toArray());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    double[] condition = HostCopy.doubles(frame.input(0));
    double[] d = HostCopy.doubles(dy);
    for (int input = 1; input <= 2; input++) {
      if (frame.wantsInput(input)) {
        boolean taken = input == 1;
        Shape shape = frame.inputShape(input);
        double[] dx = new double[Math.toIntExact(shape.length())];
        Broadcast.run(
            Shape.of(dy),
            frame.inputShape(0),
            shape,
            (i, j, k) -> dx[k] += (condition[j] != 0) == taken ? d[i] : 0);
        frame.inputGradient(input, HostCopy.array(dx, dy.dataType(), shape.toArray()));
      }
    }
    frame.zeroGradient(0, dy.dataType());
  }
}
