package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** SiLU, {@code x / (1 + exp(-x))}. */
record SiluStep(int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedLoops.silu(pass.value(x), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(x);
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    BlockedLoops.siluBackward(dy, pass.value(x), dx, Threads.shared());
  }
}
