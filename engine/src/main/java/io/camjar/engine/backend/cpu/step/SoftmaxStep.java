package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.token.ChannelSoftmax;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/**
 * Softmax over the channels of each token, pixel or row of a matrix.
 *
 * @param axis counted from the end where it is negative
 */
public record SoftmaxStep(int axis, int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return operands.get(0).isChannels(axis);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    ChannelSoftmax.forward(pass.value(x), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(value);
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    ChannelSoftmax.backward(dy, pass.value(value), dx, Threads.shared());
  }
}
