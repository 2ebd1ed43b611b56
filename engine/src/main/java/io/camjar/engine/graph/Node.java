package io.camjar.engine.graph;

import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import java.util.List;

/**
 * One operation in a graph. It computes the value that has the node's number.
 *
 * @param path its full name, PyTorch's key: {@code layer3.2.conv1}; names its parameters too
 * @param op the operation
 * @param inputs the values it reads, all of smaller numbers
 */
public record Node(String path, Op op, List<Integer> inputs) {
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** The full name of a parameter; that of no name has the node's. */
  public String parameter(String name) {
    return name.isEmpty() ? path : path + "." + name;
  }

  /** Whether it has parameters that training learns. */
  public boolean learns() {
    return op.parameters().stream().anyMatch(parameter -> parameter.learned());
  }

  /** The shape of its value, given those of its inputs. */
  Shape output(List<Shape> of) {
    return op.output(path, of);
  }
}
