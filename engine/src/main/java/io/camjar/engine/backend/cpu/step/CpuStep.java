package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Step;
import java.util.List;

/** A step whose memory is taken here: it fills what it is given. */
public interface CpuStep extends Step<BlockedTensor> {

  /** Whether it can read its inputs where they lie; if not, the operation runs on arrays. */
  boolean fits(List<Operand> operands);

  /** Whether each place of its value depends on that place of its inputs alone. */
  default boolean isPointwise() {
    return true;
  }

  /** Computes the value into {@code y}. */
  void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y);

  @Override
  default BlockedTensor forward(Forward<BlockedTensor> pass, int value) {
    BlockedTensor y = CpuLayout.of(pass.schedule()).takeValue(value);
    forward(pass, value, y);
    return y;
  }

  /** A step of one input whose gradient does not depend on what else reads it. */
  interface Unary extends CpuStep {

    /** The value that it reads. */
    int x();

    /** Computes the gradient of the input into {@code dx}. */
    void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx);

    @Override
    default List<Integer> inputs() {
      return List.of(x());
    }

    @Override
    default void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
      BlockedTensor dx = CpuLayout.of(pass.schedule()).take(x());
      backward(pass, value, dy, dx);
      pass.add(x(), dx);
    }
  }

  /** A step that reads several places of an image for one of its value. */
  interface Pool extends Unary {

    @Override
    default boolean fits(List<Operand> operands) {
      return operands.get(0).isImage();
    }

    @Override
    default boolean isPointwise() {
      return false;
    }
  }
}
