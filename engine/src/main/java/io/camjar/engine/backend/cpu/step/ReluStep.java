package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** ReLU, {@code max(x, 0)}. */
public record ReluStep(int x) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  @Override
  public boolean relu() {
    return true;
  }

  @Override
  public boolean isPlainRelu() {
    return true;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedLoops.relu(pass.value(x), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(value);
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    pass.add(x, pass.own(value, ReluMasking.masked(pass, value, dy)));
  }
}
