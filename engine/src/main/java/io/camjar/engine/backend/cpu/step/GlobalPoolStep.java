package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.GlobalPools;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/**
 * A pool over the whole image, to features: the maximum, then the mean, or one of them.
 *
 * @param max whether the maximum is taken; its backward finds the places again
 * @param mean whether the mean is taken
 */
public record GlobalPoolStep(boolean max, boolean mean, int x) implements CpuStep.Pool {

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedTensor from = pass.value(x);
    if (max) {
      GlobalPools.max(from, y, 0, Threads.shared());
    }
    if (mean) {
      int first = max ? from.channels() : 0;
      GlobalPools.mean(from, y, first, Memory.of(pass.workspace()).scratch(), Threads.shared());
    }
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return max ? List.of(x) : List.of();
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    if (mean) {
      GlobalPools.meanBackward(dy, max ? dx.channels() : 0, dx, Threads.shared());
    } else {
      dx.clear();
    }
    if (max) {
      GlobalPools.maxBackward(dy, 0, pass.value(x), dx, Threads.shared());
    }
  }
}
