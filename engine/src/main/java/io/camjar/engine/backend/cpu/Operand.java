package io.camjar.engine.backend.cpu;

import io.camjar.engine.op.Shape;
import java.util.List;

/**
 * An input of an operation as a step finds it.
 *
 * @param form how it lies in memory
 * @param shape as the operation sees it
 */
record Operand(Form form, Shape shape) {

  /** Whether element-wise work can go through all of them side by side. */
  static boolean alike(List<Operand> operands) {
    return operands.stream().allMatch(operands.get(0)::equals);
  }

  /** Whether the channels are those of the second side. */
  boolean hasChannels() {
    return form == Form.IMAGE || form == Form.FEATURES;
  }

  /** Whether an operation over one side, the last or the second, goes over the channels. */
  boolean hasChannels(boolean last) {
    return last ? isChannels(shape.rank() - 1) : isChannels(1);
  }

  /** Whether this axis is the channels. */
  boolean isChannels(int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    return form.endsWithChannels() ? at == shape.rank() - 1 : hasChannels() && at == 1;
  }

  /** Whether it is a matrix, or several, in blocks of columns. */
  boolean isMatrices() {
    return form == Form.TOKENS || (form == Form.FEATURES && shape.rank() == 2);
  }

  /** Whether it has places side by side. */
  boolean isImage() {
    return form == Form.IMAGE;
  }
}
