package io.camjar.engine.kernel;

/**
 * Bytes that a network holds between passes.
 *
 * @param parameters plain arrays of parameters
 * @param packed weights as the kernels of direct sums and of linear layers want them
 * @param transformed weights that Winograd's method has transformed
 * @param activations memory for activations, gradients and what kernels need between their phases,
 *     which the next pass of that size takes again
 */
public record MemoryUse(long parameters, long packed, long transformed, long activations) {
  /** Nothing. */
  public static final MemoryUse NONE = new MemoryUse(0, 0, 0, 0);

  /** All of them together. */
  public long total() {
    return parameters + packed + transformed + activations;
  }

  /** Both together. */
  public MemoryUse plus(MemoryUse other) {
    return new MemoryUse(
        parameters + other.parameters,
        packed + other.packed,
        transformed + other.transformed,
        activations + other.activations);
  }
}
