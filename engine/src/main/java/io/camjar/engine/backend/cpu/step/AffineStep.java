package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/**
 * {@code x * scale[c] + shift[c]}: a batch norm that evaluates, or a product or sum with a
 * parameter of a number a channel.
 *
 * @param place which of the operation's inputs {@code x} is
 * @param last whether the channels are the last side, not the second
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AffineStep(double[] scale, double[] shift, int x, int place, boolean last)
    implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    Operand in = operands.get(place);
    return in.hasChannels(last)
        && in.shape().side(last ? in.shape().rank() - 1 : 1) == scale.length
        && (operands.size() == 1
            || (last && operands.get(1 - place).shape().rank() <= in.shape().rank())
            || (!last && in.isImage()));
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedLoops.affine(
        pass.value(x), Epilogue.pad(scale), Epilogue.pad(shift), y, Threads.shared());
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    float[] factor = Epilogue.pad(scale);
    BlockedLoops.affine(dy, factor, new float[factor.length], dx, Threads.shared());
  }
}
