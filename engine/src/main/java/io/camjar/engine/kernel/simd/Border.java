package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.threads.Threads;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between ND4J arrays and the blocked layout. */
public final class Border {
  private Border() {}

  /** {@code [N, C, H, W]} in full blocks. */
  static BlockedTensor blocked(INDArray x, Halo halo) {
    return fill(
        x,
        BlockedTensor.zeros(
            (int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), halo));
  }

  /** {@code [N, C, H, W]}; few channels make a smaller block. */
  static BlockedTensor picture(INDArray x, Halo halo) {
    return fill(
        x,
        BlockedTensor.picture(
            (int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), halo));
  }

  private static BlockedTensor fill(INDArray x, BlockedTensor blocked) {
    float[] values = HostCopy.floats(x);
    Threads.shared().run(blocked.rows(), (task, worker) -> blocked.fill(values, task));
    return blocked;
  }

  /** Copies {@code [N, C, H, W]} into memory that is there. */
  public static void fill(INDArray x, BlockedTensor blocked, Scratch scratch) {
    scratch.reserve(Math.toIntExact(x.length()), 0, 0);
    float[] values = scratch.common();
    HostCopy.floats(x, values);
    Threads.shared().run(blocked.rows(), (task, worker) -> blocked.fill(values, task));
  }

  /** Copies {@code [N, F]} into memory that is there. */
  public static void fillFeatures(INDArray x, BlockedTensor blocked) {
    blocked.fillFeatures(HostCopy.floats(x));
  }

  /** {@code [N, C, H, W]}. */
  public static INDArray array(BlockedTensor y) {
    float[] values = new float[y.batch * y.channels * y.height * y.width];
    Threads.shared().run(y.tasks(), (task, worker) -> y.empty(values, task));
    return HostCopy.array(values, y.batch, y.channels, y.height, y.width);
  }

  /** Copies {@code [N, T, D]} into memory that is there: images of one row and a column a token. */
  public static void fillTokens(INDArray x, BlockedTensor blocked, Scratch scratch) {
    scratch.reserve(Math.toIntExact(x.length()), 0, 0);
    float[] values = scratch.common();
    HostCopy.floats(x, values);
    Threads.shared()
        .run(blocked.batch * blocked.width, (task, worker) -> blocked.fillTokens(values, task));
  }

  /** {@code [N, T, D]} from such images. */
  public static INDArray tokenArray(BlockedTensor y) {
    float[] values = new float[y.batch * y.channels * y.width];
    Threads.shared().run(y.batch * y.width, (task, worker) -> y.emptyTokens(values, task));
    return HostCopy.array(values, y.batch, y.width, y.channels);
  }

  /** Copies values of any shape, in c order, into memory that is there. */
  public static void fillPlain(INDArray x, BlockedTensor blocked) {
    HostCopy.floats(x, blocked.data);
  }

  /** Values of this shape, in c order. */
  public static INDArray plainArray(BlockedTensor y, long... shape) {
    INDArray array = HostCopy.uninitialized(shape);
    HostCopy.buffer(array).put(y.data, 0, Math.toIntExact(array.length()));
    return array;
  }

  /** {@code [N, F]} as one image of F channels, one row and N columns. */
  static BlockedTensor features(INDArray x) {
    BlockedTensor blocked = BlockedTensor.zeros(1, (int) x.size(1), 1, (int) x.size(0), Halo.NONE);
    blocked.fillFeatures(HostCopy.floats(x));
    return blocked;
  }

  /** {@code [N, F]} from such an image. */
  public static INDArray featureArray(BlockedTensor y) {
    INDArray features = HostCopy.uninitialized(y.width, y.channels);
    y.emptyFeatures(HostCopy.buffer(features));
    return features;
  }
}
