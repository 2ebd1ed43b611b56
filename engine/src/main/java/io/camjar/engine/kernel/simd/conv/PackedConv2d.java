package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;

/**
 * A convolution in one direction with its weights laid out for one algorithm; immutable, shared by
 * threads.
 */
public interface PackedConv2d {

  /** The border that an input of this size needs for an output of that size. */
  Halo halo(int inH, int inW, int outH, int outW);

  /**
   * Computes {@code y} from {@code x}.
   *
   * @param x with at least the border that {@link #halo} asks for
   * @param y of the output's shape; its border is left as it is
   * @param scratch of the pass that this is part of
   */
  void run(BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads);

  /** Bytes of the packed weights. */
  long bytes();
}
