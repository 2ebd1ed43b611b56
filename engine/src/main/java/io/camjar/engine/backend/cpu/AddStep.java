package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** The sum of a branch and its shortcut. */
record AddStep(int branch, int shortcut) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    return Operand.alike(operands);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(branch, shortcut);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedLoops.add(pass.value(branch), pass.value(shortcut), y, Threads.shared());
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    BlockedTensor own = pass.own(value, dy);
    if (!pass.wants(branch)) {
      pass.add(shortcut, own);
      return;
    }
    if (pass.wants(shortcut)) {
      pass.add(shortcut, CpuLayout.of(pass.schedule()).copy(value, own));
    }
    pass.add(branch, own);
  }
}
