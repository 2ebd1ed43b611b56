package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.ChannelConcat;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** Neighbouring channels, or neighbouring tokens. */
public record SliceStep(Slice op, int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    Operand in = operands.get(0);
    return op.step() == 1
        && (in.isChannels(op.axis())
            || (in.form() == Form.TOKENS && axis(in.shape()) == in.shape().rank() - 2));
  }

  private int axis(Shape shape) {
    return op.axis() < 0 ? op.axis() + shape.rank() : op.axis();
  }

  /** The first place. */
  int first(Shape shape) {
    long length = shape.side(axis(shape));
    long start = op.start() < 0 ? op.start() + length : op.start();
    return (int) Math.max(0, Math.min(start, length));
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    Shape shape = pass.schedule().shape(x);
    if (isOfTokens(CpuLayout.of(pass.schedule()), shape)) {
      BlockedLoops.slice(pass.value(x), first(shape), y, Threads.shared());
    } else {
      ChannelConcat.slice(pass.value(x), first(shape), null, y, Threads.shared());
    }
  }

  private boolean isOfTokens(CpuLayout layout, Shape shape) {
    return layout.shape(x).form() == Form.TOKENS && axis(shape) == shape.rank() - 2;
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    Shape shape = pass.schedule().shape(x);
    dx.clear();
    if (isOfTokens(CpuLayout.of(pass.schedule()), shape)) {
      BlockedLoops.place(dy, dx, first(shape), Threads.shared());
    } else {
      ChannelConcat.copy(List.of(dy), dx, first(shape), null, null, false, Threads.shared());
    }
  }
}
