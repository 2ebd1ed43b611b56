package io.camjar.engine.nn;

import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Trace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * fastai's pool: the maximum and then the mean over the whole picture, {@code [N, C, H, W]} to
 * {@code [N, 2C, 1, 1]}.
 */
public final class AdaptiveConcatPool2d extends Leaf {

  /** A concat-pool of this name. */
  public AdaptiveConcatPool2d(String path) {
    super(path);
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    Pool2dGeometry window = window(x.shape());
    MaxPooled max = trace.kernels().maxPool2d(window, x);
    INDArray mean = trace.kernels().avgPool2d(window, x);
    INDArray both = Nd4j.concat(1, max.values(), mean);
    max.values().close();
    mean.close();
    if (needsInputGradient(trace)) {
      trace.save(path(), new PoolSource(x.shape(), max.argmax()));
    }
    return both;
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    PoolSource source = trace.saved(path(), PoolSource.class);
    long[] shape = source.inputShape();
    Kernels kernels = trace.kernels();
    INDArray dMax = channels(dy, 0, shape[1]);
    INDArray dMean = channels(dy, shape[1], 2 * shape[1]);
    INDArray fromMax = source.backward(dMax, kernels);
    INDArray fromMean =
        kernels.avgPool2dBackward(window(shape), dMean, (int) shape[2], (int) shape[3]);
    INDArray dx = kernels.add(fromMax, fromMean);
    for (INDArray done : new INDArray[] {dMax, dMean, fromMax, fromMean}) {
      done.close();
    }
    return dx;
  }

  private static INDArray channels(INDArray dy, long from, long to) {
    return dy.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
  }

  private static Pool2dGeometry window(long... shape) {
    return Pool2dGeometry.global((int) shape[2], (int) shape[3]);
  }

  @Override
  long[] outputShape(long[] input) {
    long[] pooled = PoolShapes.global(this, input);
    pooled[1] *= 2;
    return pooled;
  }
}
