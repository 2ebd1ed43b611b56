package io.camjar.engine.kernel;

import io.camjar.engine.threads.ThreadCount;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's operations: convolution as im2col and a matrix product by OpenBLAS.
 *
 * <p>What is not overridden runs as the reference loops: libnd4j's max-pool does not promise
 * PyTorch's rule for ties, and its average pool has no windows that overhang.
 */
public final class Nd4jKernels extends ReferenceKernels {

  /** ND4J's operations; they use as many threads as {@link ThreadCount} says. */
  public Nd4jKernels() {
    ThreadCount.applyToNd4j();
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public INDArray conv2d(
      Conv2dGeometry geometry, INDArray x, INDArray weight, @Nullable INDArray bias) {
    return Nd4jConv2d.forward(geometry, x, weight, bias);
  }

  @Override
  public INDArray conv2dBackwardInput(
      Conv2dGeometry geometry, INDArray dy, INDArray weight, int height, int width) {
    return Nd4jConv2d.backwardInput(geometry, dy, weight, height, width);
  }

  @Override
  public INDArray conv2dBackwardWeight(Conv2dGeometry geometry, INDArray dy, INDArray x) {
    return Nd4jConv2d.backwardWeight(geometry, dy, x);
  }

  @Override
  public INDArray linear(INDArray x, INDArray weight, @Nullable INDArray bias) {
    INDArray y = uninitialized(x, x.size(0), weight.size(0));
    Nd4jGemm.multiply(x, weight.transpose(), y, false);
    if (bias != null) {
      Nd4j.exec(new BroadcastAddOp(y, bias, y, 1));
    }
    return y;
  }

  @Override
  public INDArray linearBackwardInput(INDArray dy, INDArray weight) {
    INDArray dx = uninitialized(dy, dy.size(0), weight.size(1));
    Nd4jGemm.multiply(dy, weight, dx, false);
    return dx;
  }

  @Override
  public INDArray linearBackwardWeight(INDArray dy, INDArray x) {
    INDArray dw = uninitialized(dy, dy.size(1), x.size(1));
    Nd4jGemm.multiply(dy.transpose(), x, dw, false);
    return dw;
  }

  @Override
  public INDArray relu(INDArray x) {
    INDArray y = uninitialized(x, x.shape());
    Nd4j.exec(new RectifiedLinear(x, y, 0.0));
    return y;
  }

  @Override
  public INDArray reluBackward(INDArray dy, INDArray y) {
    INDArray dx = uninitialized(dy, dy.shape());
    Nd4j.exec(DynamicCustomOp.builder("relu_bp").addInputs(y, dy).addOutputs(dx).build());
    return dx;
  }

  @Override
  public INDArray add(INDArray a, INDArray b) {
    INDArray sum = uninitialized(a, a.shape());
    return a.addi(b, sum);
  }

  @Override
  public INDArray avgPool2d(Pool2dGeometry geometry, INDArray x) {
    return Nd4jChannels.pools(geometry, (int) x.size(2), (int) x.size(3))
        ? Nd4jChannels.averagePool(geometry, x)
        : super.avgPool2d(geometry, x);
  }

  @Override
  public INDArray avgPool2dBackward(Pool2dGeometry geometry, INDArray dy, int height, int width) {
    return Nd4jChannels.pools(geometry, height, width)
        ? Nd4jChannels.averagePoolBackward(geometry, dy, height, width)
        : super.avgPool2dBackward(geometry, dy, height, width);
  }

  @Override
  public INDArray channelAffine(INDArray x, double[] scale, double[] shift) {
    return Nd4jChannels.affine(x, scale, shift);
  }

  @Override
  public INDArray channelCombine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    return Nd4jChannels.combine(a, p, b, q, r);
  }

  @Override
  public double[][] channelMoments(INDArray x) {
    return Nd4jChannels.moments(x);
  }

  @Override
  public double[][] channelSums(INDArray a, INDArray b) {
    return Nd4jChannels.sums(a, b);
  }

  static INDArray uninitialized(INDArray like, long... shape) {
    return like.dataType() == DataType.FLOAT
        ? HostCopy.uninitialized(shape)
        : Nd4j.createUninitialized(like.dataType(), shape, 'c');
  }
}
