package io.camjar.engine.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Plain loops in double precision: slow, obvious, and what every other kernel is tested against.
 */
public class ReferenceKernels implements Kernels {

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public INDArray conv2d(
      Conv2dGeometry geometry, INDArray x, INDArray weight, @Nullable INDArray bias) {
    return ReferenceConv2d.forward(geometry, x, weight, bias);
  }

  @Override
  public INDArray conv2dBackwardInput(
      Conv2dGeometry geometry, INDArray dy, INDArray weight, int height, int width) {
    return ReferenceConv2d.backwardInput(geometry, dy, weight, height, width);
  }

  @Override
  public INDArray conv2dBackwardWeight(Conv2dGeometry geometry, INDArray dy, INDArray x) {
    return ReferenceConv2d.backwardWeight(geometry, dy, x);
  }

  @Override
  public INDArray linear(INDArray x, INDArray weight, @Nullable INDArray bias) {
    return ReferenceLinear.forward(x, weight, bias);
  }

  @Override
  public INDArray linearBackwardInput(INDArray dy, INDArray weight) {
    return ReferenceLinear.backwardInput(dy, weight);
  }

  @Override
  public INDArray linearBackwardWeight(INDArray dy, INDArray x) {
    return ReferenceLinear.backwardWeight(dy, x);
  }

  @Override
  public MaxPooled maxPool2d(Pool2dGeometry geometry, INDArray x) {
    return ReferencePool2d.max(geometry, x);
  }

  @Override
  public INDArray maxPool2dBackward(INDArray dy, int[] argmax, long... inputShape) {
    return ReferencePool2d.maxBackward(dy, argmax, inputShape);
  }

  @Override
  public INDArray avgPool2d(Pool2dGeometry geometry, INDArray x) {
    return ReferencePool2d.average(geometry, x);
  }

  @Override
  public INDArray avgPool2dBackward(Pool2dGeometry geometry, INDArray dy, int height, int width) {
    return ReferencePool2d.averageBackward(geometry, dy, height, width);
  }

  @Override
  public INDArray relu(INDArray x) {
    return ReferenceChannels.map(x, v -> v < 0 ? 0 : v);
  }

  @Override
  public INDArray reluBackward(INDArray dy, INDArray y) {
    return ReferenceChannels.zip(dy, y, (d, v) -> v > 0 ? d : 0);
  }

  @Override
  public INDArray add(INDArray a, INDArray b) {
    return ReferenceChannels.zip(a, b, Double::sum);
  }

  @Override
  public INDArray channelAffine(INDArray x, double[] scale, double[] shift) {
    return ReferenceChannels.affine(x, scale, shift);
  }

  @Override
  public INDArray channelCombine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    return ReferenceChannels.combine(a, p, b, q, r);
  }

  @Override
  public double[][] channelMoments(INDArray x) {
    return ReferenceChannels.moments(x);
  }

  @Override
  public double[][] channelSums(INDArray a, INDArray b) {
    return ReferenceChannels.sums(a, b);
  }
}
