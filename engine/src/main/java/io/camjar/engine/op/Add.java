package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The sum of two tensors of one shape: branch and shortcut of a residual block. */
public record Add() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw mismatch(path, inputs.get(0).toString(), inputs.get(1));
    }
    return Op.same(inputs);
  }

  @Override
  public INDArray forward(Frame frame) {
    return frame.kernels().add(frame.input(0), frame.input(1));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    for (int i = 0; i < 2; i++) {
      if (frame.wantsInput(i)) {
        frame.inputGradient(i, dy);
      }
    }
  }
}
