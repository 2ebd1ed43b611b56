package io.camjar.engine.nn;

import io.camjar.engine.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a max-pool's values came from: all that its backward needs. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PoolSource(long[] inputShape, int[] argmax) {

  INDArray backward(INDArray dy, Kernels kernels) {
    return kernels.maxPool2dBackward(dy, argmax, inputShape);
  }
}
