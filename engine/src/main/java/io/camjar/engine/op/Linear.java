package io.camjar.engine.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fully connected layer on the last side, {@code [..., in]} to {@code [..., out]}: {@code y = x W'
 * + b}.
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
    if (x.rank() < 1 || x.side(x.rank() - 1) != in) {
      throw mismatch(path, "[..., %d]".formatted(in), x);
    }
    return x.with(x.rank() - 1, out);
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
    return input.length() * out;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return parameters ? Set.of(Reads.INPUTS) : Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray weight = frame.parameter("weight");
    INDArray y = frame.kernels().linear(rows(frame.input()), weight, frame.parameter("bias", bias));
    Shape x = frame.inputShape(0);
    return shaped(y, x.with(x.rank() - 1, out));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    INDArray dRows = rows(dy);
    if (frame.wantsParameters()) {
      frame.parameterGradient(
          "weight", frame.kernels().linearBackwardWeight(dRows, rows(frame.input())));
      if (bias) {
        frame.parameterGradient("bias", ChannelSums.of(dRows, frame.kernels()));
      }
    }
    if (frame.wantsInput(0)) {
      INDArray dx = frame.kernels().linearBackwardInput(dRows, frame.parameter("weight"));
      frame.inputGradient(0, shaped(dx, frame.inputShape(0)));
    }
  }

  /** All rows of a tensor as one matrix: itself or a view. */
  private static INDArray rows(INDArray x) {
    long last = x.size(x.rank() - 1);
    return x.rank() == 2 ? x : x.reshape('c', x.length() / last, last);
  }

  /** Rows in the shape that they came in. */
  private static INDArray shaped(INDArray rows, Shape shape) {
    if (shape.rank() == 2) {
      return rows;
    }
    try (rows) {
      return rows.reshape('c', shape.toArray()).dup('c');
    }
  }
}
