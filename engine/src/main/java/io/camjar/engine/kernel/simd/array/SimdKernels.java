package io.camjar.engine.kernel.simd.array;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.LayoutConversion;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.conv.Conv2dWeightGradient;
import io.camjar.engine.kernel.simd.conv.DirectConv2d;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.winograd.Winograd;
import io.camjar.engine.kernel.simd.winograd.WinogradConv2d;
import io.camjar.engine.kernel.simd.winograd.WinogradWeightGradient;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The vector kernels behind the interface of ND4J arrays: each call copies its arguments into the
 * blocked layout and its result back.
 *
 * <p>Convolutions are direct unless Winograd's method is asked for, so that a layer's result is
 * within rounding of the definition. Doubles, and pools, run as the reference loops.
 */
public final class SimdKernels extends ReferenceKernels {
  private final @Nullable Winograd winograd;

  /** Kernels whose convolutions are direct. */
  public SimdKernels() {
    this(null);
  }

  /**
   * Kernels that compute convolutions by Winograd's method where it applies.
   *
   * @param winograd how; null for direct sums throughout
   */
  public SimdKernels(@Nullable Winograd winograd) {
    this.winograd = winograd;
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public INDArray conv2d(Conv2dGeometry g, INDArray x, INDArray weight, @Nullable INDArray bias) {
    if (isDouble(x)) {
      return super.conv2d(g, x, weight, bias);
    }
    float[] oihw = HostCopy.floats(weight);
    Winograd method = winograd(g);
    PackedConv2d conv =
        method != null
            ? WinogradConv2d.forward(g, oihw, method)
            : DirectConv2d.forwardOfImage(g, oihw);
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    int outH = g.outH(height);
    int outW = g.outW(width);
    Halo halo = conv.halo(height, width, outH, outW);
    BlockedTensor in =
        method != null ? LayoutConversion.blocked(x, halo) : LayoutConversion.image(x, halo);
    BlockedTensor out = BlockedTensor.zeros(in.batch, g.outChannels(), outH, outW, Halo.NONE);
    float[] padded = bias == null ? null : Epilogue.pad(HostCopy.floats(bias));
    conv.run(in, out, new Epilogue(padded, null, false), new Scratch(), Threads.shared());
    return LayoutConversion.array(out);
  }

  @Override
  public INDArray conv2dBackwardInput(
      Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
    if (isDouble(dy)) {
      return super.conv2dBackwardInput(g, dy, weight, height, width);
    }
    float[] oihw = HostCopy.floats(weight);
    Winograd method = winograd(g);
    PackedConv2d conv =
        method != null
            ? WinogradConv2d.backwardInput(g, oihw, method)
            : DirectConv2d.backwardInput(g, oihw);
    Halo halo = conv.halo((int) dy.size(2), (int) dy.size(3), height, width);
    BlockedTensor in = LayoutConversion.blocked(dy, halo);
    BlockedTensor out = BlockedTensor.zeros(in.batch, g.inChannels(), height, width, Halo.NONE);
    conv.run(in, out, Epilogue.NOTHING, new Scratch(), Threads.shared());
    return LayoutConversion.array(out);
  }

  @Override
  public INDArray conv2dBackwardWeight(Conv2dGeometry g, INDArray dy, INDArray x) {
    if (isDouble(x)) {
      return super.conv2dBackwardWeight(g, dy, x);
    }
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    float[] dw = new float[Math.toIntExact(g.weights())];
    Winograd method = winograd(g);
    if (method != null) {
      WinogradWeightGradient gradient = new WinogradWeightGradient(g, method);
      BlockedTensor in = LayoutConversion.blocked(x, gradient.halo(height, width));
      BlockedTensor out =
          LayoutConversion.blocked(dy, gradient.gradientHalo((int) dy.size(2), (int) dy.size(3)));
      gradient.run(out, in, FloatBuffer.wrap(dw), new Scratch(), Threads.shared());
    } else {
      Conv2dWeightGradient gradient = new Conv2dWeightGradient(g);
      BlockedTensor in =
          LayoutConversion.image(
              x, gradient.halo(height, width, (int) dy.size(2), (int) dy.size(3)));
      BlockedTensor out = LayoutConversion.blocked(dy, Halo.NONE);
      gradient.run(out, in, FloatBuffer.wrap(dw), new Scratch(), Threads.shared());
    }
    return HostCopy.array(dw, g.outChannels(), g.inChannels(), g.kernelH(), g.kernelW());
  }

  @Override
  public INDArray linear(INDArray x, INDArray weight, @Nullable INDArray bias) {
    if (isDouble(x)) {
      return super.linear(x, weight, bias);
    }
    Conv2dGeometry g = pointwise(weight);
    BlockedTensor in = LayoutConversion.features(x);
    BlockedTensor out = BlockedTensor.zeros(1, g.outChannels(), 1, in.width, Halo.NONE);
    float[] padded = bias == null ? null : Epilogue.pad(HostCopy.floats(bias));
    DirectConv2d.forward(g, HostCopy.floats(weight))
        .run(in, out, new Epilogue(padded, null, false), new Scratch(), Threads.shared());
    return LayoutConversion.featureArray(out);
  }

  @Override
  public INDArray linearBackwardInput(INDArray dy, INDArray weight) {
    if (isDouble(dy)) {
      return super.linearBackwardInput(dy, weight);
    }
    Conv2dGeometry g = pointwise(weight);
    BlockedTensor in = LayoutConversion.features(dy);
    BlockedTensor out = BlockedTensor.zeros(1, g.inChannels(), 1, in.width, Halo.NONE);
    DirectConv2d.backwardInput(g, HostCopy.floats(weight))
        .run(in, out, Epilogue.NOTHING, new Scratch(), Threads.shared());
    return LayoutConversion.featureArray(out);
  }

  @Override
  public INDArray linearBackwardWeight(INDArray dy, INDArray x) {
    if (isDouble(x)) {
      return super.linearBackwardWeight(dy, x);
    }
    Conv2dGeometry g = Conv2dGeometry.square((int) x.size(1), (int) dy.size(1), 1, 1, 0);
    float[] dw = new float[Math.toIntExact(g.weights())];
    new Conv2dWeightGradient(g)
        .run(
            LayoutConversion.features(dy),
            LayoutConversion.features(x),
            FloatBuffer.wrap(dw),
            new Scratch(),
            Threads.shared());
    return HostCopy.array(dw, g.outChannels(), g.inChannels());
  }

  /** A linear layer is a 1x1 convolution over a row of pixels, one for each of the batch. */
  private static Conv2dGeometry pointwise(INDArray weight) {
    return Conv2dGeometry.square((int) weight.size(1), (int) weight.size(0), 1, 1, 0);
  }

  @Override
  public INDArray relu(INDArray x) {
    return isDouble(x) ? super.relu(x) : ChannelLoops.relu(x);
  }

  @Override
  public INDArray reluBackward(INDArray dy, INDArray y) {
    return isDouble(dy) ? super.reluBackward(dy, y) : ChannelLoops.reluBackward(dy, y);
  }

  @Override
  public INDArray add(INDArray a, INDArray b) {
    return isDouble(a) ? super.add(a, b) : ChannelLoops.add(a, b);
  }

  @Override
  public INDArray channelAffine(INDArray x, double[] scale, double[] shift) {
    return isDouble(x)
        ? super.channelAffine(x, scale, shift)
        : ChannelLoops.affine(x, scale, shift);
  }

  @Override
  public INDArray channelCombine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    return isDouble(a) ? super.channelCombine(a, p, b, q, r) : ChannelLoops.combine(a, p, b, q, r);
  }

  @Override
  public double[][] channelMoments(INDArray x) {
    return isDouble(x) ? super.channelMoments(x) : ChannelLoops.moments(x);
  }

  @Override
  public double[][] channelSums(INDArray a, INDArray b) {
    return isDouble(a) ? super.channelSums(a, b) : ChannelLoops.sums(a, b);
  }

  /** How a convolution of this shape is computed, or null for a direct sum. */
  private @Nullable Winograd winograd(Conv2dGeometry g) {
    return WinogradConv2d.supports(g) ? winograd : null;
  }

  private static boolean isDouble(INDArray x) {
    return x.dataType() != DataType.FLOAT;
  }
}
