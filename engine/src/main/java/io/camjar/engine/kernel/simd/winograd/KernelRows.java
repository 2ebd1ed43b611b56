package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;

/**
 * Sums of rows of kernels in double precision, what {@link WinogradWeights} are transformed by. The
 * two ways give the same bits. {@link KernelVectors} are several times as fast, but only after they
 * are compiled: they are for weights that are transformed at every pass. {@link KernelLoops} are
 * for weights that are transformed once and kept, as those of a network that explains a few images.
 */
sealed interface KernelRows permits KernelLoops, KernelVectors {
  /** Kernels of a row. */
  int LENGTH = WinogradKernels.INPUTS * Lanes.BLOCK;

  /** Whether kernels are turned by {@link Squares}, too. */
  boolean squares();

  /** Sets row {@code to} of {@code y} to {@code factor} times row {@code from} of {@code x}. */
  void scale(float[] x, int from, double factor, double[] y, int to);

  /** As the other, rounded. */
  void scale(double[] x, int from, double factor, float[] y, int to);

  /**
   * Sets row {@code to} of {@code y} to the sum of three rows of {@code x}, three rows apart, times
   * {@code g}: products and sums are rounded once, from the first to the last.
   */
  void sum(float[] x, int from, double[] g, double[] y, int to);

  /** As the other, of rows side by side, rounded. */
  void sum(double[] x, int from, double[] g, float[] y, int to);
}
