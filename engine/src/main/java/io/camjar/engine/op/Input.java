package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An input of a network: its value is given, not computed. */
public record Input() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    throw new IllegalStateException("the shape of the input " + path + " is given");
  }

  @Override
  public INDArray forward(Frame frame) {
    throw new IllegalStateException("an input is given");
  }

  @Override
  public void backward(Frame frame, INDArray dy) {}
}
