package io.camjar.engine.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic behind the layers.
 *
 * <p>Every tensor is c-ordered: activations {@code [N, C, H, W]}, convolution weights {@code [O, I,
 * kH, kW]}, linear weights {@code [out, in]}. Every method reads its arguments, leaves them as they
 * are, and returns a new array of the arguments' type that the caller closes. Shapes are checked by
 * the layers, not here. Implementations hold no state and serve many threads.
 */
public interface Kernels {

  /** Short name for logs and benchmarks. */
  String name();

  /** Convolution: {@code y[N, O, oH, oW]}, with {@code bias[O]} added if there is one. */
  INDArray conv2d(Conv2dGeometry geometry, INDArray x, INDArray weight, @Nullable INDArray bias);

  /** Gradient of a convolution with respect to its input of {@code height} by {@code width}. */
  INDArray conv2dBackwardInput(
      Conv2dGeometry geometry, INDArray dy, INDArray weight, int height, int width);

  /** Gradient of a convolution with respect to its weight. */
  INDArray conv2dBackwardWeight(Conv2dGeometry geometry, INDArray dy, INDArray x);

  /** {@code y = x * weight' + bias}: {@code [N, in]} to {@code [N, out]}. */
  INDArray linear(INDArray x, INDArray weight, @Nullable INDArray bias);

  /** Gradient of a linear layer with respect to its input. */
  INDArray linearBackwardInput(INDArray dy, INDArray weight);

  /** Gradient of a linear layer with respect to its weight. */
  INDArray linearBackwardWeight(INDArray dy, INDArray x);

  /** Max-pool; the first maximum of a window in row order wins a tie, and NaN wins over numbers. */
  MaxPooled maxPool2d(Pool2dGeometry geometry, INDArray x);

  /** Adds each {@code dy} to the place its maximum came from; the result has {@code inputShape}. */
  INDArray maxPool2dBackward(INDArray dy, int[] argmax, long... inputShape);

  /** Average pool over the window's cells inside the image. */
  INDArray avgPool2d(Pool2dGeometry geometry, INDArray x);

  /** Spreads each {@code dy} evenly over its window. */
  INDArray avgPool2dBackward(Pool2dGeometry geometry, INDArray dy, int height, int width);

  /** {@code max(x, 0)}. */
  INDArray relu(INDArray x);

  /** {@code dy} where the ReLU's output {@code y} is positive, else 0. */
  INDArray reluBackward(INDArray dy, INDArray y);

  /** {@code a + b}, shapes equal. */
  INDArray add(INDArray a, INDArray b);

  /** {@code x * scale[c] + shift[c]} for {@code x} of {@code [N, C]} or {@code [N, C, H, W]}. */
  INDArray channelAffine(INDArray x, double[] scale, double[] shift);

  /** {@code a * p[c] + b * q[c] + r[c]}, shapes equal. */
  INDArray channelCombine(INDArray a, double[] p, INDArray b, double[] q, double[] r);

  /** Mean and biased variance of each channel, {@code [2][C]}, summed in double precision. */
  double[][] channelMoments(INDArray x);

  /** Sums over each channel of {@code a} and of {@code a * b}, {@code [2][C]}. */
  double[][] channelSums(INDArray a, INDArray b);

  /** The implementation that this process uses unless another is forced. */
  static Kernels active() {
    return KernelSelection.active();
  }

  /**
   * Why {@link #active} are not the fastest kernels there are, as a clause with what to do about
   * it; empty where they are.
   */
  static Optional<String> whySlow() {
    return KernelSelection.whySlow();
  }

  /** As {@link #whySlow}, but empty as well where the slow ones were asked for. */
  static Optional<String> warning() {
    return KernelSelection.warning();
  }
}
