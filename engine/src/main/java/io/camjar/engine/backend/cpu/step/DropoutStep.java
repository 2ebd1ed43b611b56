package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.ChannelGate;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
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
    BlockedTensor mask =
        op.rows() && isByImage(pass, value) ? ofImages(pass, value) : ofEach(pass, value);
    pass.save(value, mask);
    multiply(pass.value(x), mask, y);
  }

  /** Whether the images of a value lie one after the other. */
  private static boolean isByImage(Forward<BlockedTensor> pass, int value) {
    int batch = CpuLayout.of(pass.schedule()).shape(value).batch();
    return batch == pass.schedule().shape(value).at(0);
  }

  /** One place for each image. */
  private BlockedTensor ofImages(Forward<BlockedTensor> pass, int value) {
    BlockedShape shape = CpuLayout.of(pass.schedule()).shape(value);
    double[] draws = op.mask(shape.batch(), shape.batch(), pass.random());
    BlockedTensor mask = shape.withChannels(shape.channels(), 1, 1).zeros(Halo.NONE);
    for (int image = 0; image < draws.length; image++) {
      for (int block = 0; block < mask.blocks; block++) {
        int at = mask.offset(image, block, 0, 0);
        Arrays.fill(mask.data, at, at + mask.block, (float) draws[image]);
      }
    }
    return mask;
  }

  private BlockedTensor ofEach(Forward<BlockedTensor> pass, int value) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    Shape shape = pass.schedule().shape(value);
    double[] draws = op.mask(shape.side(0), shape.length(), pass.random());
    // Not from the buffers: it lives as long as the pass.
    BlockedTensor mask = layout.shape(value).zeros(layout.halo(value));
    try (INDArray array = HostCopy.array(draws, DataType.FLOAT, shape.toArray())) {
      layout.fill(value, array, mask, Memory.of(pass.workspace()));
    }
    return mask;
  }

  private static void multiply(BlockedTensor from, BlockedTensor mask, BlockedTensor to) {
    if (mask.planePitch == from.planePitch) {
      BlockedLoops.multiply(from, mask, to, Threads.shared());
    } else {
      ChannelGate.multiply(from, mask, to, Threads.shared());
    }
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    multiply(dy, pass.saved(value, BlockedTensor.class), dx);
  }
}
