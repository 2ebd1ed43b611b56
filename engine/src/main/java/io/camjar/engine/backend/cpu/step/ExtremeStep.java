package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** The larger or the smaller of two values of one shape, number by number. */
public record ExtremeStep(boolean largest, int a, int b) implements CpuStep {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public boolean fits(List<Operand> operands) {
    return Operand.alike(operands);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(a, b);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    if (largest) {
      BlockedLoops.maximum(pass.value(a), pass.value(b), y, Threads.shared());
    } else {
      BlockedLoops.minimum(pass.value(a), pass.value(b), y, Threads.shared());
    }
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(a, b);
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    backward(pass, a, b, dy);
    backward(pass, b, a, dy);
  }

  private void backward(Backward<BlockedTensor> pass, int of, int other, BlockedTensor dy) {
    if (pass.wants(of)) {
      BlockedTensor dx = CpuLayout.of(pass.schedule()).take(of);
      BlockedLoops.extremeBackward(
          dy, pass.value(of), pass.value(other), largest, dx, Threads.shared());
      pass.add(of, dx);
    }
  }
}
