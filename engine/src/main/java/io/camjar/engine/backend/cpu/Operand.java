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

  /** Whether it has places side by side. */
  boolean isImage() {
    return form == Form.IMAGE;
  }
}
