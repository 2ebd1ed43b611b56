package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Joins all sides but the first, {@code [N, C, H, W]} to {@code [N, C*H*W]}. */
public record Flatten() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() < 2) {
      throw mismatch(path, "[N, ...]", x);
    }
    return Shape.of(x.side(0), x.length() / x.side(0));
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray x = frame.input();
    // A copy, not a view: every array of a pass is closed on its own.
    return x.reshape('c', x.size(0), x.length() / x.size(0)).dup('c');
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, dy.reshape('c', frame.inputShape(0).toArray()).dup('c'));
  }
}
