package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Forms;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.backend.cpu.memory.PlainNumbers;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.token.Transposition;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.threads.Threads;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A transpose, a reshape or a flatten: numbers move and stay as they are. A value that already lies
 * as its result would is handed on; rows and columns of matrices change places block by block; all
 * else is written out in c order and laid out anew.
 */
public record MoveStep(Op op, int x) implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public boolean isPointwise() {
    return false;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  /** Whether the result lies in memory as the input does. */
  public static boolean isRelabelling(Op op, Form from, Form to) {
    return (op.equals(Forms.CHANNELS_LAST) && from == Form.IMAGE && to == Form.CHANNELS_LAST)
        || (op.equals(Forms.CHANNELS_FIRST) && from == Form.CHANNELS_LAST && to == Form.IMAGE);
  }

  @Override
  public BlockedTensor forward(Forward<BlockedTensor> pass, int value) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    if (isRelabelling(op, layout.shape(x).form(), layout.shape(value).form())) {
      return pass.own(x, value);
    }
    return CpuStep.super.forward(pass, value);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    move(pass.schedule(), Memory.of(pass.workspace()), x, pass.value(x), value, y);
  }

  /** Flattened, a channel's numbers stay neighbours. */
  @Override
  public boolean keepsSums() {
    return op instanceof Flatten && op.isPlain();
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    if (isRelabelling(op, layout.shape(x).form(), layout.shape(value).form())) {
      pass.add(x, pass.own(value, dy));
      return;
    }
    BlockedTensor dx = layout.take(x);
    move(pass.schedule(), Memory.of(pass.workspace()), value, dy, x, dx);
    pass.add(x, dx);
  }

  private void move(
      Schedule<BlockedTensor> schedule,
      Memory memory,
      int from,
      BlockedTensor source,
      int to,
      BlockedTensor target) {
    CpuLayout layout = CpuLayout.of(schedule);
    Form fromForm = layout.shape(from).form();
    Form toForm = layout.shape(to).form();
    if (fromForm == Form.TOKENS && toForm == Form.TOKENS && isMatrixTranspose()) {
      Transposition.transpose(source, target, Threads.shared());
      return;
    }
    Shape shape = schedule.shape(from);
    float[] numbers = memory.first(Math.toIntExact(shape.length()));
    PlainNumbers.read(source, fromForm, numbers, Threads.shared());
    if (op instanceof Transpose transpose) {
      float[] moved = memory.second(Math.toIntExact(shape.length()));
      List<Integer> order = transpose.permutation();
      List<Integer> way =
          from == x ? order : IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
      PlainNumbers.permute(numbers, shape, way, moved, Threads.shared());
      numbers = moved;
    }
    PlainNumbers.write(numbers, target, toForm, Threads.shared());
  }

  /** Whether the last two sides alone change places. */
  private boolean isMatrixTranspose() {
    if (!(op instanceof Transpose transpose)) {
      return false;
    }
    List<Integer> order = transpose.permutation();
    int rank = order.size();
    return rank >= 2
        && order.get(rank - 1) == rank - 2
        && IntStream.range(0, rank - 2).allMatch(axis -> order.get(axis) == axis);
  }
}
