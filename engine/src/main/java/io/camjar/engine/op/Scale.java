package io.camjar.engine.op;

import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every number times the same factor, as attention has it before its softmax.
 *
 * @param factor any number
 */
public record Scale(double factor) implements Op {

  @Override
  public String kind() {
    return "Mul";
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return Op.same(inputs);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    return frame.input().mul(factor);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, dy.mul(factor));
  }
}
