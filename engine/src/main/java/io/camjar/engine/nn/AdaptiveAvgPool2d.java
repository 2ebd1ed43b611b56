package io.camjar.engine.nn;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean over the whole picture, {@code [N, C, H, W]} to {@code [N, C, 1, 1]}. */
public final class AdaptiveAvgPool2d extends Leaf {

  /** A global average pool of this name. */
  public AdaptiveAvgPool2d(String path) {
    super(path);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (needsInputGradient(trace)) {
      trace.save(path(), x.shape());
    }
    return trace.kernels().avgPool2d(window(x.shape()), x);
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    long[] shape = trace.saved(path(), long[].class);
    return trace.kernels().avgPool2dBackward(window(shape), dy, (int) shape[2], (int) shape[3]);
  }

  private static Pool2dGeometry window(long... shape) {
    return Pool2dGeometry.global((int) shape[2], (int) shape[3]);
  }

  @Override
  long[] outputShape(long[] input) {
    return PoolShapes.global(this, input);
  }
}
