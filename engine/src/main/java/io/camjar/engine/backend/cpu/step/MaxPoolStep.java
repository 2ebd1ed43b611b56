package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** A max-pool; its backward finds the maxima again. */
public record MaxPoolStep(Pool2dGeometry geometry, int x) implements CpuStep.Pool {

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    new BlockedPools(geometry).max(pass.value(x), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(x);
  }

  @Override
  public boolean keepsSums() {
    return true;
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    new BlockedPools(geometry).maxBackward(dy, pass.value(x), dx, Threads.shared());
  }
}
