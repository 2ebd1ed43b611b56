package io.camjar.engine.nn;

import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Joins all dimensions but the first, {@code [N, C, H, W]} to {@code [N, C*H*W]}. */
public final class Flatten extends Leaf {

  /** A flattening of this name. */
  public Flatten(String path) {
    super(path);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (needsInputGradient(trace)) {
      trace.save(path(), x.shape());
    }
    // A copy, not a view: every array of a pass is closed on its own.
    return x.reshape('c', outputShape(x.shape())).dup('c');
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    return dy.reshape('c', trace.saved(path(), long[].class)).dup('c');
  }

  @Override
  long[] outputShape(long[] input) {
    if (input.length < 2) {
      throw mismatch("[N, ...]", input);
    }
    long features = 1;
    for (int i = 1; i < input.length; i++) {
      features *= input[i];
    }
    return new long[] {input[0], features};
  }
}
