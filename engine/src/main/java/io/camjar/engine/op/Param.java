package io.camjar.engine.op;

/**
 * A parameter or buffer of an operation.
 *
 * @param name relative to the operation's path, such as {@code weight}
 * @param shape the shape it must have
 * @param learned whether it has a gradient; running statistics have none
 */
public record Param(String name, Shape shape, boolean learned) {

  /** A learned parameter. */
  static Param learned(String name, long... sides) {
    return new Param(name, Shape.of(sides), true);
  }

  /** A buffer, which training moves but does not learn. */
  static Param buffer(String name, long... sides) {
    return new Param(name, Shape.of(sides), false);
  }
}
