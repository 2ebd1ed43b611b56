package io.camjar.engine.nn;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Average pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}; padding and overhang are not
 * counted ({@code count_include_pad=False}).
 */
public final class AvgPool2d extends Leaf {
  private final Pool2dGeometry geometry;

  /** A pool over this window. */
  public AvgPool2d(String path, Pool2dGeometry geometry) {
    super(path);
    this.geometry = geometry;
  }

  /** The window. */
  public Pool2dGeometry geometry() {
    return geometry;
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (needsInputGradient(trace)) {
      trace.save(path(), x.shape());
    }
    return trace.kernels().avgPool2d(geometry, x);
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    long[] shape = trace.saved(path(), long[].class);
    return trace.kernels().avgPool2dBackward(geometry, dy, (int) shape[2], (int) shape[3]);
  }

  @Override
  long[] outputShape(long[] input) {
    return PoolShapes.of(this, geometry, input);
  }
}
