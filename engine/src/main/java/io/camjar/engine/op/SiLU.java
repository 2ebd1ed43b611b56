package io.camjar.engine.op;

import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * SiLU or swish, {@code x s(x)} with {@code s(x) = 1 / (1 + exp(-x))} (Hendrycks and Gimpel, arXiv
 * 1606.08415); its derivative is {@code s (1 + x (1 - s))}.
 */
public record SiLU() implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return Op.same(inputs);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    return Transforms.sigmoid(frame.input(), true).muli(frame.input());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    INDArray x = frame.input();
    try (INDArray sigmoid = Transforms.sigmoid(x, true)) {
      INDArray derivative = sigmoid.rsub(1).muli(x).addi(1).muli(sigmoid);
      frame.inputGradient(0, derivative.muli(dy));
    }
  }
}
