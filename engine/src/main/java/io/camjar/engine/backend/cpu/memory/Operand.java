package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.op.Shape;
import java.util.List;

/**
 * An input of an operation as a step finds it.
 *
 * @param form how it lies in memory
 * @param shape as the operation sees it
 */
public record Operand(Form form, Shape shape) {

  /** Whether element-wise work can go through all of them side by side. */
  public static boolean alike(List<Operand> operands) {
    return operands.stream().allMatch(operands.get(0)::equals);
  }

  /** Whether the channels are those of the second side. */
  public boolean hasChannels() {
    return form == Form.IMAGE || form == Form.FEATURES;
  }

  /** Whether an operation over one side, the last or the second, goes over the channels. */
  public boolean hasChannels(boolean last) {
    return last ? isChannels(shape.rank() - 1) : isChannels(1);
  }

  /** Whether this axis is the channels. */
  public boolean isChannels(int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    return form.endsWithChannels() ? at == shape.rank() - 1 : hasChannels() && at == 1;
  }

  /** Whether it is a matrix, or several, in blocks of columns. */
  public boolean isMatrices() {
    return form == Form.TOKENS || (form == Form.FEATURES && shape.rank() == 2);
  }

  /** Whether it has places side by side. */
  public boolean isImage() {
    return form == Form.IMAGE;
  }
}
