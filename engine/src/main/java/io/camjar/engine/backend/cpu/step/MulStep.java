package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.ChannelGate;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** The product of two values of one shape, or of images and gates {@code [N, C, 1, 1]}. */
public record MulStep(int a, int b) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    return Operand.alike(operands)
        || isGate(operands.get(0), operands.get(1))
        || isGate(operands.get(1), operands.get(0));
  }

  private static boolean isGate(Operand x, Operand gate) {
    Shape shape = x.shape();
    return x.isImage()
        && gate.hasChannels()
        && gate.shape().equals(Shape.of(shape.side(0), shape.side(1), 1, 1));
  }

  @Override
  public List<Integer> inputs() {
    return List.of(a, b);
  }

  private boolean isGate(CpuLayout layout, int value, int of) {
    BlockedShape gate = layout.shape(value);
    BlockedShape x = layout.shape(of);
    return x.form() == Form.IMAGE && !gate.equals(x) && gate.isOnePlace();
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    multiply(CpuLayout.of(pass.schedule()), pass.value(a), pass.value(b), y);
  }

  private void multiply(CpuLayout layout, BlockedTensor u, BlockedTensor v, BlockedTensor y) {
    if (isGate(layout, b, a)) {
      ChannelGate.multiply(u, v, y, Threads.shared());
    } else if (isGate(layout, a, b)) {
      ChannelGate.multiply(v, u, y, Threads.shared());
    } else {
      BlockedLoops.multiply(u, v, y, Threads.shared());
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
    if (!pass.wants(of)) {
      return;
    }
    CpuLayout layout = CpuLayout.of(pass.schedule());
    BlockedTensor dx = layout.take(of);
    if (isGate(layout, of, other)) {
      ChannelGate.gateBackward(dy, pass.value(other), dx, Threads.shared());
    } else if (isGate(layout, other, of)) {
      ChannelGate.multiply(dy, pass.value(other), dx, Threads.shared());
    } else {
      BlockedLoops.multiply(dy, pass.value(other), dx, Threads.shared());
    }
    pass.add(of, dx);
  }
}
