package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.threads.Threads;

/** The backward of a ReLU, which any step may end with. */
final class ReluMasking {
  private ReluMasking() {}

  /** What of a value's gradient passes the ReLU that made the value; maybe {@code dy} itself. */
  static BlockedTensor masked(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    if (pass.isMasked(value)) {
      return dy;
    }
    BlockedTensor passed =
        pass.schedule().asks(value) ? CpuLayout.of(pass.schedule()).take(value) : dy;
    BlockedLoops.reluBackward(dy, pass.value(value), passed, Threads.shared());
    if (pass.schedule().request().guided()) {
      BlockedLoops.relu(passed, passed, Threads.shared());
    }
    return passed;
  }
}
