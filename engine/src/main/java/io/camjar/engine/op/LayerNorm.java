package io.camjar.engine.op;

import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation over the last sides (Ba et al., arXiv 1607.06450): each row has mean 0 and
 * variance 1 before weight and bias.
 *
 * @param sides the last sides, which are one row; also those of weight and bias
 * @param eps added to the variance; PyTorch's default is 1e-5, timm's transformers have 1e-6
 * @param affine whether there are a weight and a bias
 */
public record LayerNorm(List<Long> sides, double eps, boolean affine) implements Op {

  public LayerNorm {
    sides = List.copyOf(sides);
  }

  /** Over the last side, with weight and bias. */
  public static LayerNorm of(long features, double eps) {
    return new LayerNorm(List.of(features), eps, true);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    int outer = x.rank() - sides.size();
    boolean fits = outer >= 0;
    for (int i = 0; fits && i < sides.size(); i++) {
      fits = x.side(outer + i) == sides.get(i);
    }
    if (!fits) {
      throw mismatch(path, "that ends with the sides %s".formatted(sides), x);
    }
    return x;
  }

  @Override
  public List<Param> parameters() {
    long[] shape = sides.stream().mapToLong(Long::longValue).toArray();
    return affine
        ? List.of(Param.learned("weight", shape), Param.learned("bias", shape))
        : List.of();
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    return norm(frame).forward(frame);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    norm(frame).backward(frame, dy);
  }

  private GroupedNorm norm(Frame frame) {
    int length = 1;
    for (long side : sides) {
      length *= (int) side;
    }
    int row = length;
    Axis rows = new Axis((int) (frame.inputShape(0).length() / row), row, 1);
    return new GroupedNorm(rows, row, at -> at % row, eps, affine);
  }
}
