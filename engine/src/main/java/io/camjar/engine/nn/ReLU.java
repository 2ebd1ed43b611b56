package io.camjar.engine.nn;

import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ReLU, {@code max(x, 0)}; its gradient at 0 is 0. */
public final class ReLU extends Leaf {

  /** A ReLU of this name. */
  public ReLU(String path) {
    super(path);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    INDArray y = trace.kernels().relu(x);
    if (needsInputGradient(trace)) {
      trace.keep(y);
      trace.save(path(), y);
    }
    return y;
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    INDArray y = trace.saved(path(), INDArray.class);
    if (!trace.demand().request().guided()) {
      return trace.kernels().reluBackward(dy, y);
    }
    try (INDArray positive = trace.kernels().relu(dy)) {
      return trace.kernels().reluBackward(positive, y);
    }
  }

  @Override
  long[] outputShape(long[] input) {
    return input.clone();
  }
}
