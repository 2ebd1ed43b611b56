package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.threads.Threads;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between ND4J arrays and the blocked layout. */
final class Border {
  private Border() {}

  /** {@code [N, C, H, W]} in full blocks. */
  static Blocked blocked(INDArray x, Halo halo) {
    return fill(
        x, Blocked.zeros((int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), halo));
  }

  /** {@code [N, C, H, W]}; few channels make a smaller block. */
  static Blocked picture(INDArray x, Halo halo) {
    return fill(
        x,
        Blocked.picture((int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), halo));
  }

  private static Blocked fill(INDArray x, Blocked blocked) {
    float[] values = HostCopy.floats(x);
    Threads.shared().run(blocked.tasks(), (task, worker) -> blocked.fill(values, task));
    return blocked;
  }

  /** {@code [N, C, H, W]}. */
  static INDArray array(Blocked y) {
    float[] values = new float[y.batch * y.channels * y.height * y.width];
    Threads.shared().run(y.tasks(), (task, worker) -> y.empty(values, task));
    return HostCopy.array(values, y.batch, y.channels, y.height, y.width);
  }

  /** {@code [N, F]} as one image of F channels, one row and N columns. */
  static Blocked features(INDArray x) {
    Blocked blocked = Blocked.zeros(1, (int) x.size(1), 1, (int) x.size(0), Halo.NONE);
    blocked.fillFeatures(HostCopy.floats(x));
    return blocked;
  }

  /** {@code [N, F]} from such an image. */
  static INDArray featureArray(Blocked y) {
    return HostCopy.array(y.features(), y.width, y.channels);
  }
}
