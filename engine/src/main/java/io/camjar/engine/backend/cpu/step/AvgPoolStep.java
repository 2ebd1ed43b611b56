package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/**
 * An average pool.
 *
 * @param op an {@link AvgPool2d}, or an {@link AdaptiveAvgPool2d} whose grid divides the image
 */
public record AvgPoolStep(Op op, int x) implements CpuStep.Pool {

  @Override
  public boolean fits(List<Operand> operands) {
    if (!CpuStep.Pool.super.fits(operands)) {
      return false;
    }
    Shape shape = operands.get(0).shape();
    if (op instanceof AdaptiveAvgPool2d grid
        && (shape.at(2) % grid.height() != 0 || shape.at(3) % grid.width() != 0)) {
      return false;
    }
    return pools(shape.at(2), shape.at(3)).cells() <= BlockedPools.MOST_CELLS;
  }

  private BlockedPools pools(int height, int width) {
    if (op instanceof AvgPool2d pool) {
      return new BlockedPools(pool.geometry());
    }
    AdaptiveAvgPool2d grid = (AdaptiveAvgPool2d) op;
    return new BlockedPools(Pool2dGeometry.global(height / grid.height(), width / grid.width()));
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedTensor from = pass.value(x);
    pools(from.height, from.width).average(from, y, Threads.shared());
  }

  /** Each mean is of places of the image alone, not of padding. */
  @Override
  public boolean keepsSums() {
    return true;
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    pools(dx.height, dx.width).averageBackward(dy, dx, Threads.shared());
  }
}
