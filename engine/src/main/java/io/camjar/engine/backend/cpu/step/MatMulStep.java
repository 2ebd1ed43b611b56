package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.token.MatrixProduct;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** Products of as many matrices, or of one matrix with many. */
public record MatMulStep(int a, int b) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    Operand left = operands.get(0);
    Operand right = operands.get(1);
    return left.isMatrices()
        && right.isMatrices()
        && (count(left) == 1 || count(right) == 1 || outer(left).equals(outer(right)));
  }

  private static Shape outer(Operand operand) {
    Shape shape = operand.shape();
    return shape.with(shape.rank() - 1, 1).with(shape.rank() - 2, 1);
  }

  private static long count(Operand operand) {
    return outer(operand).length();
  }

  @Override
  public boolean isPointwise() {
    return false;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(a, b);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    MatrixProduct.multiply(pass.value(a), pass.value(b), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(a, b);
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    if (pass.wants(a)) {
      BlockedTensor da = layout.take(a);
      MatrixProduct.backwardLeft(
          dy, pass.value(b), da, Memory.of(pass.workspace()).scratch(), Threads.shared());
      pass.add(a, da);
    }
    if (pass.wants(b)) {
      BlockedTensor db = layout.take(b);
      MatrixProduct.backwardRight(pass.value(a), dy, db, Threads.shared());
      pass.add(b, db);
    }
  }
}
