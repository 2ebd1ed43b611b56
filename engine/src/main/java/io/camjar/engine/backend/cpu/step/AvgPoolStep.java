package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;

/** An average pool. */
public record AvgPoolStep(Pool2dGeometry geometry, int x) implements CpuStep.Pool {

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    new BlockedPools(geometry).average(pass.value(x), y, Threads.shared());
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    new BlockedPools(geometry).averageBackward(dy, dx, Threads.shared());
  }
}
