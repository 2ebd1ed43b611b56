package io.camjar.engine.op;

import io.camjar.engine.kernel.Kernels;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ReLU, {@code max(x, 0)}; its gradient at 0 is 0. Guided backpropagation stops negative gradients
 * too, {@code dy [y > 0] [dy > 0]}.
 */
public record ReLU() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return Op.same(inputs);
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.OUTPUT);
  }

  @Override
  public INDArray forward(Frame frame) {
    return frame.kernels().relu(frame.input());
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Kernels kernels = frame.kernels();
    if (!frame.isGuided()) {
      frame.inputGradient(0, kernels.reluBackward(dy, frame.output()));
      return;
    }
    try (INDArray positive = kernels.relu(dy)) {
      frame.inputGradient(0, kernels.reluBackward(positive, frame.output()));
    }
  }
}
