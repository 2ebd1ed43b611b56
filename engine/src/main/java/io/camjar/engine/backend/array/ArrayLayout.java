package io.camjar.engine.backend.array;

import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Layout;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Values are arrays as callers see them; each is closed when nothing reads it any more. */
record ArrayLayout(Kernels kernels) implements Layout<INDArray> {

  @Override
  public INDArray load(int value, INDArray array, @Nullable Object workspace) {
    return array;
  }

  @Override
  public INDArray array(int value, INDArray tensor, Shape shape) {
    return tensor;
  }

  @Override
  public boolean sharesArrays() {
    return true;
  }

  @Override
  public @Nullable FeatureMaps featureMaps(int value, INDArray tensor) {
    return null;
  }

  @Override
  public void store(int value, INDArray tensor, INDArray array) {
    tensor.assign(array);
  }

  @Override
  public INDArray copy(int value, INDArray tensor) {
    return tensor.dup('c');
  }

  @Override
  public INDArray add(int value, INDArray sum, INDArray more) {
    INDArray both = kernels.add(sum, more);
    sum.close();
    more.close();
    return both;
  }

  @Override
  public void free(int value, INDArray tensor) {
    tensor.close();
  }

  @Override
  public long bytes(INDArray tensor) {
    return tensor.length() * tensor.dataType().width();
  }
}
