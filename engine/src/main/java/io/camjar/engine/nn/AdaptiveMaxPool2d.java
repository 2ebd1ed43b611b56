package io.camjar.engine.nn;

import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The maximum over the whole picture, {@code [N, C, H, W]} to {@code [N, C, 1, 1]}. */
public final class AdaptiveMaxPool2d extends Leaf {

  /** A global max-pool of this name. */
  public AdaptiveMaxPool2d(String path) {
    super(path);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    MaxPooled pooled =
        trace.kernels().maxPool2d(Pool2dGeometry.global((int) x.size(2), (int) x.size(3)), x);
    if (needsInputGradient(trace)) {
      trace.save(path(), new PoolSource(x.shape(), pooled.argmax()));
    }
    return pooled.values();
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    return trace.saved(path(), PoolSource.class).backward(dy, trace.kernels());
  }

  @Override
  long[] outputShape(long[] input) {
    return PoolShapes.global(this, input);
  }
}
