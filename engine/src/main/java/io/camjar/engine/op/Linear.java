package io.camjar.engine.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fully connected layer, {@code [N, in]} to {@code [N, out]}: {@code y = x W' + b}.
 *
 * @param in features of the input
 * @param out features of the output
 * @param bias whether a bias is added
 */
public record Linear(int in, int out, boolean bias) implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != 2 || x.side(1) != in) {
      throw mismatch(path, "[N, %d]".formatted(in), x);
    }
    return x.with(1, out);
  }

  @Override
  public List<Param> parameters() {
    List<Param> parameters = new ArrayList<>();
    parameters.add(Param.learned("weight", out, in));
    if (bias) {
      parameters.add(Param.learned("bias", out));
    }
    return parameters;
  }

  @Override
  public long multiplyAccumulates(Shape input, Shape output) {
    return input.side(0) * in * out;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return parameters ? Set.of(Reads.INPUTS) : Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    return frame
        .kernels()
        .linear(frame.input(), frame.parameter("weight"), frame.parameter("bias", bias));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    if (frame.wantsParameters()) {
      frame.parameterGradient("weight", frame.kernels().linearBackwardWeight(dy, frame.input()));
      if (bias) {
        frame.parameterGradient("bias", ChannelSums.of(dy, frame.kernels()));
      }
    }
    if (frame.wantsInput(0)) {
      frame.inputGradient(0, frame.kernels().linearBackwardInput(dy, frame.parameter("weight")));
    }
  }
}
