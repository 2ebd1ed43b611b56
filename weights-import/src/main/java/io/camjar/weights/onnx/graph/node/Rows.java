package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Op;
import io.camjar.engine.op.Reshape;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;

/**
 * Operations over one side, of tensors {@code [N, C, L]}, as those of maps that are one row high:
 * {@code [N, C, 1, L]}.
 */
final class Rows {
  private static final Reshape MAPS = Reshape.of(0L, 0L, 1L, Reshape.axis(2));
  private static final Reshape ROWS = Reshape.of(0L, 0L, Reshape.axis(3));

  private Rows() {}

  /** Whether a node's input is rows. */
  static boolean isGiven(Call call) {
    return call.x().rank() == 3;
  }

  /** A node's input as maps, which it may be already. */
  static Traced maps(Call call) {
    return isGiven(call) ? call.before(MAPS, call.x()) : call.x();
  }

  /** Weights {@code [O, C, K]} as those of windows one row high. */
  static Constant window(Constant weight) {
    long[] shape = weight.shape();
    return weight.reshaped(shape[0], shape[1], 1, shape[2]);
  }

  /** An operation of a node on its input as {@link #maps}; rows become rows again. */
  static Value emit(Call call, Op op, Traced maps) {
    Traced y = call.emit(op, maps);
    return isGiven(call) ? call.below("row", ROWS, y) : y;
  }
}
