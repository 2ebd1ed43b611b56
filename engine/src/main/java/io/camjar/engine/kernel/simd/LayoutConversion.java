package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.threads.Threads;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between ND4J arrays and the blocked layout. */
public final class LayoutConversion {
  private LayoutConversion() {}

  /** {@code [N, C, H, W]} in full blocks. */
  public static BlockedTensor blocked(INDArray x, Halo halo) {
    return fill(
        x,
        BlockedTensor.zeros(
            (int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), halo));
  }

  /** {@code [N, C, H, W]}; few channels make a smaller block. */
  public static BlockedTensor image(INDArray x, Halo halo) {
    return fill(
        x,
        BlockedTensor.image(
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

  /** Copies {@code [N, H, W, C]}, or tokens as images of one row, into memory that is there. */
  public static void fillTokens(INDArray x, BlockedTensor blocked, Scratch scratch) {
    scratch.reserve(Math.toIntExact(x.length()), 0, 0);
    float[] values = scratch.common();
    HostCopy.floats(x, values);
    Threads.shared().run(blocked.places(), (task, worker) -> blocked.fillTokens(values, task));
  }

  /** Channels last in this shape. */
  public static INDArray tokenArray(BlockedTensor y, long... shape) {
    float[] values = new float[y.places() * y.channels];
    Threads.shared().run(y.places(), (task, worker) -> y.emptyTokens(values, task));
    return HostCopy.array(values, shape);
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

  /** {@code [N, C, H, W]} in c order. */
  public static void images(BlockedTensor y, float[] numbers, Threads threads) {
    threads.run(y.tasks(), (task, worker) -> y.empty(numbers, task));
  }

  /** The channels of each place one behind the other. */
  public static void places(BlockedTensor y, float[] numbers, Threads threads) {
    threads.run(y.places(), (task, worker) -> y.emptyTokens(numbers, task));
  }

  /** Values of any shape in c order. */
  public static void plain(BlockedTensor y, float[] numbers) {
    System.arraycopy(y.data, 0, numbers, 0, Math.min(numbers.length, y.data.length));
  }

  /** Lays out {@code [N, C, H, W]}. */
  public static void fillImages(float[] numbers, BlockedTensor y, Threads threads) {
    threads.run(y.rows(), (task, worker) -> y.fill(numbers, task));
  }

  /** Lays out the channels of each place. */
  public static void fillPlaces(float[] numbers, BlockedTensor y, Threads threads) {
    threads.run(y.places(), (task, worker) -> y.fillTokens(numbers, task));
  }

  /** Lays out values of any shape. */
  public static void fillPlain(float[] numbers, BlockedTensor y) {
    System.arraycopy(numbers, 0, y.data, 0, Math.min(numbers.length, y.data.length));
  }

  /** {@code [N, F]} as one image of F channels, one row and N columns. */
  public static BlockedTensor features(INDArray x) {
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
