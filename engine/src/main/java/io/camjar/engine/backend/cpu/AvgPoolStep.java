package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;

/** An average pool. */
record AvgPoolStep(Pool2dGeometry geometry, int x) implements CpuStep.Unary {

  @Override
  public void forward(Forward<Blocked> pass, int value, Blocked y) {
    new BlockedPools(geometry).average(pass.value(x), y, Threads.shared());
  }

  @Override
  public void backward(Backward<Blocked> pass, int value, Blocked dy, Blocked dx) {
    new BlockedPools(geometry).averageBackward(dy, dx, Threads.shared());
  }
}
