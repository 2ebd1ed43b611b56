package io.camjar.weights.onnx.graph.node;

import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Known;
import java.util.Arrays;
import java.util.Optional;

/** A constant that an exporter repeats for each image of the batch, such as a class token. */
final class RepeatedRow {
  private RepeatedRow() {}

  /** The row, with a first side of 1, if all rows at all probes are the same. */
  static Optional<Constant> of(Known known) {
    Constant first = known.at(0);
    if (first.rank() == 0 || first.shape()[0] == 0) {
      return Optional.empty();
    }
    long[] shape = first.shape();
    int length = (int) (first.elements() / shape[0]);
    double[] row = Arrays.copyOf(first.values(), length);
    shape[0] = 1;
    for (Constant constant : known.byProbe()) {
      long[] other = constant.shape();
      if (other.length != shape.length || !isRepeated(constant.values(), row)) {
        return Optional.empty();
      }
      other[0] = 1;
      if (!Arrays.equals(other, shape)) {
        return Optional.empty();
      }
    }
    return Optional.of(Constant.of(first.floating(), row, shape));
  }

  private static boolean isRepeated(double[] values, double[] row) {
    for (int i = 0; i < values.length; i++) {
      if (Double.compare(values[i], row[i % row.length]) != 0) {
        return false;
      }
    }
    return true;
  }
}
