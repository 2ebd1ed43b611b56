package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** Every number times the same factor. */
public record ScaleStep(float factor, int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedLoops.scale(pass.value(x), factor, y, Threads.shared());
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    BlockedLoops.scale(dy, factor, dx, Threads.shared());
  }
}
