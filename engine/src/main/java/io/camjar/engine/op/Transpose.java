package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Axes in another order.
 *
 * @param permutation for each axis of the result that of the input
 */
public record Transpose(List<Integer> permutation) implements Op {

  /**
   * A transpose.
   *
   * @throws CamjarException if the permutation has not each axis from 0 on once
   */
  public Transpose {
    permutation = List.copyOf(permutation);
    List<Integer> sorted = permutation.stream().sorted().toList();
    if (!sorted.equals(IntStream.range(0, sorted.size()).boxed().toList())) {
      throw new CamjarException(
          "a transpose needs each axis from 0 on once, found %s".formatted(permutation));
    }
  }

  /** A transpose by these axes. */
  public static Transpose of(Integer... permutation) {
    return new Transpose(List.of(permutation));
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != permutation.size()) {
      throw mismatch(path, "of rank %d".formatted(permutation.size()), x);
    }
    return Shape.of(permutation.stream().mapToLong(x::side).toArray());
  }

  @Override
  public INDArray forward(Frame frame) {
    int[] order = permutation.stream().mapToInt(Integer::intValue).toArray();
    return frame.input().permute(order).dup('c');
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    int[] inverse = IntStream.range(0, permutation.size()).map(permutation::indexOf).toArray();
    frame.inputGradient(0, dy.permute(inverse).dup('c'));
  }
}
