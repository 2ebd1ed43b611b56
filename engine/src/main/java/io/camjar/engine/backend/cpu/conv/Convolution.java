package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;

/** A convolution or linear layer ready to run on one size of input. */
public interface Convolution {

  /** The border that the input needs. */
  Halo inputHalo(Memory memory, Threads threads);

  /** The border that the gradient of the output needs. */
  Halo gradientHalo(Memory memory, Threads threads);

  /** The bias as the kernels want it, or null if there is none. */
  float @Nullable [] bias();

  /** Computes the output. */
  void forward(
      BlockedTensor in, BlockedTensor out, Epilogue epilogue, Memory memory, Threads threads);

  /** The gradient of the input; what is added to it may be {@code dx} itself. */
  void backwardInput(
      BlockedTensor dy, BlockedTensor dx, Epilogue epilogue, Memory memory, Threads threads);

  /** The shape of the weights. */
  long[] weightShape();

  /**
   * The gradient of the weights.
   *
   * @param gradient set to its values, in c order
   */
  void backwardWeight(
      BlockedTensor dy, BlockedTensor in, float[] gradient, Memory memory, Threads threads);
}
