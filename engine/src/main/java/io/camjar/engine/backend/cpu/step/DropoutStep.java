package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Dropout in training; evaluating, there is no such step. */
public record DropoutStep(Dropout op, int x) implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    Shape shape = pass.schedule().shape(value);
    double[] draws = op.mask(shape.side(0), shape.length(), pass.random());
    // Not from the buffers: it lives as long as the pass.
    BlockedTensor mask = layout.shape(value).zeros(layout.halo(value));
    try (INDArray array = HostCopy.array(draws, DataType.FLOAT, shape.toArray())) {
      layout.fill(value, array, mask, Memory.of(pass.workspace()));
    }
    pass.save(value, mask);
    BlockedLoops.multiply(pass.value(x), mask, y, Threads.shared());
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    BlockedLoops.multiply(dy, pass.saved(value, BlockedTensor.class), dx, Threads.shared());
  }
}
