package io.camjar.weights.onnx;

import io.camjar.weights.tensor.TensorEntry;
import java.util.List;

/** A named constant of a node, by the kinds that ONNX has. */
public sealed interface OnnxAttribute {

  /** A float. */
  record Real(float value) implements OnnxAttribute {}

  /** An integer; truth values are 0 and 1. */
  record Int(long value) implements OnnxAttribute {}

  /** A text. */
  record Text(String value) implements OnnxAttribute {}

  /** A tensor, as a {@code Constant} node has it. */
  record Tensor(TensorEntry value) implements OnnxAttribute {}

  /** Several floats. */
  record Reals(List<Float> values) implements OnnxAttribute {}

  /** Several integers: strides, pads, axes. */
  record Ints(List<Long> values) implements OnnxAttribute {}

  /** Several texts. */
  record Texts(List<String> values) implements OnnxAttribute {}

  /**
   * A graph inside a node, as an {@code If} has two.
   *
   * @param value the graph
   * @param reads names of values that it reads from the graphs around it
   */
  record Graph(OnnxGraph value, List<String> reads) implements OnnxAttribute {
    public Graph {
      reads = List.copyOf(reads);
    }
  }

  /** A kind whose content is not kept: lists of graphs or of tensors, sparse tensors. */
  record Other(String kind) implements OnnxAttribute {}
}
