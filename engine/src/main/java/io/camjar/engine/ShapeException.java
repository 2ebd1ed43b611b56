package io.camjar.engine;

/** A tensor has another shape than an operation or a parameter needs. */
public final class ShapeException extends CamjarException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String operation;
  private final String expected;
  private final String found;

  /**
   * An input that does not fit.
   *
   * @param path the layer's name, such as {@code layer1.0.conv1}
   * @param operation its kind, such as {@code Conv2d}
   * @param expected the shape it needs, with names for sides that are free, {@code [N, 64, H, W]}
   * @param found the shape it was given
   */
  public ShapeException(String path, String operation, String expected, String found) {
    this(
        "%s (%s) expected %s, found %s".formatted(path, operation, expected, found),
        path,
        operation,
        expected,
        found);
  }

  /** The same in other words, for a whole network, whose name stands for the operation. */
  public ShapeException(
      String message, String path, String operation, String expected, String found) {
    super(message);
    this.path = path;
    this.operation = operation;
    this.expected = expected;
    this.found = found;
  }

  /** The layer's name. */
  public String path() {
    return path;
  }

  /** The kind of the operation. */
  public String operation() {
    return operation;
  }

  /** The shape that was needed. */
  public String expected() {
    return expected;
  }

  /** The shape that was found. */
  public String found() {
    return found;
  }
}
