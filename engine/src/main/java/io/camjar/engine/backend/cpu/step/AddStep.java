package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;

/** The sum of a branch and its shortcut; one of them may be the same for all images. */
public record AddStep(int branch, int shortcut) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    return Operand.alike(operands)
        || repeats(operands.get(0), operands.get(1))
        || repeats(operands.get(1), operands.get(0));
  }

  /** Whether one is an image or matrix that is added to each of the other. */
  private static boolean repeats(Operand one, Operand many) {
    boolean batched =
        one.form() == many.form()
            && (many.form() == Form.TOKENS
                || many.form() == Form.IMAGE
                || many.form() == Form.CHANNELS_LAST)
            && one.shape().rank() <= many.shape().rank();
    int inner = many.form() == Form.TOKENS ? 2 : 3;
    if (!batched || one.shape().rank() < inner) {
      return false;
    }
    Shape a = one.shape();
    Shape b = many.shape();
    for (int axis = 1; axis <= a.rank(); axis++) {
      long side = a.side(a.rank() - axis);
      if (axis <= inner ? side != b.side(b.rank() - axis) : side != 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(branch, shortcut);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedTensor a = pass.value(branch);
    BlockedTensor b = pass.value(shortcut);
    if (a.batch() == b.batch()) {
      BlockedLoops.add(a, b, y, Threads.shared());
    } else if (a.batch() > b.batch()) {
      BlockedLoops.addToEach(a, b, y, Threads.shared());
    } else {
      BlockedLoops.addToEach(b, a, y, Threads.shared());
    }
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    sumForRepeated(pass, layout, branch, dy);
    sumForRepeated(pass, layout, shortcut, dy);
    boolean first = pass.wants(branch) && !isRepeated(layout, branch, dy);
    boolean second = pass.wants(shortcut) && !isRepeated(layout, shortcut, dy);
    if (!first && !second) {
      return;
    }
    BlockedTensor own = pass.own(value, dy);
    if (first && second) {
      pass.addSame(shortcut, layout.copy(value, own), value);
    }
    pass.addSame(first ? branch : shortcut, own, value);
  }

  private static boolean isRepeated(CpuLayout layout, int input, BlockedTensor dy) {
    return layout.shape(input).batch() != dy.batch();
  }

  private static void sumForRepeated(
      Backward<BlockedTensor> pass, CpuLayout layout, int input, BlockedTensor dy) {
    if (pass.wants(input) && isRepeated(layout, input, dy)) {
      BlockedTensor dx = layout.take(input);
      BlockedLoops.sumOfEach(dy, dx, Threads.shared());
      pass.add(input, dx);
    }
  }
}
