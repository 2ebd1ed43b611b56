package io.camjar.engine.graph;

/**
 * A name that people know: an operation, or a module that holds several.
 *
 * @param path the full name
 * @param kind the operation's or module's class in PyTorch, such as {@code Conv2d}
 * @param input the value that goes in first
 * @param value the value that comes out
 * @param node whether it is the operation that computes the value; false for a module
 */
public record Layer(String path, String kind, int input, int value, boolean node) {

  /** The same name of other values, in a graph with other numbers. */
  Layer at(int otherInput, int otherValue) {
    return new Layer(path, kind, otherInput, otherValue, node);
  }
}
