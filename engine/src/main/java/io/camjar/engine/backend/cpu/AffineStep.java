package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** {@code x * scale[c] + shift[c]}: a batch norm that evaluates. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AffineStep(double[] scale, double[] shift, int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return operands.get(0).hasChannels();
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
