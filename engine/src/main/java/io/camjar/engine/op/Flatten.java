package io.camjar.engine.op;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Joins the sides from one on, {@code [N, C, H, W]} to {@code [N, C*H*W]}.
 *
 * @param start the first side that is joined, 1 as a rule
 */
public record Flatten(int start) implements Op {

  /** Joins all sides but the first. */
  public Flatten() {
    this(1);
  }

  @Override
  public boolean isPlain() {
    return start == 1;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() <= start) {
      throw mismatch(path, "of a rank above %d".formatted(start), x);
    }
    long[] sides = Arrays.copyOf(x.toArray(), start + 1);
    sides[start] = (long) Axis.of(x, start).length() * Axis.of(x, start).inner();
    return Shape.of(sides);
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
