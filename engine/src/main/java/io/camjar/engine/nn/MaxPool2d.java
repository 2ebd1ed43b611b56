package io.camjar.engine.nn;

import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Max-pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}; the first maximum wins a tie. */
public final class MaxPool2d extends Leaf {
  private final Pool2dGeometry geometry;

  /** A pool over this window. */
  public MaxPool2d(String path, Pool2dGeometry geometry) {
    super(path);
    this.geometry = geometry;
  }

  /** The window. */
  public Pool2dGeometry geometry() {
    return geometry;
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    MaxPooled pooled = trace.kernels().maxPool2d(geometry, x);
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
    return PoolShapes.of(this, geometry, input);
  }
}
