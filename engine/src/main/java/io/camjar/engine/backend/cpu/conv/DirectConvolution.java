package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.conv.Conv2dWeightGradient;
import io.camjar.engine.kernel.simd.conv.DepthwiseConv2d;
import io.camjar.engine.kernel.simd.conv.DepthwiseWeightGradient;
import io.camjar.engine.kernel.simd.conv.DirectConv2d;
import io.camjar.engine.kernel.simd.conv.GroupedConv2d;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;

/** The kernels of a convolution by its definition: of all channels, in groups, or of each alone. */
final class DirectConvolution {
  private DirectConvolution() {}

  private static boolean isDepthwise(Conv2d op) {
    return DepthwiseConv2d.supports(op.geometry(), op.groups());
  }

  /** The forward; {@code image} for what reads a network's input of few channels. */
  static PackedConv2d forward(
      Conv2d op, float[] weights, boolean image, PackMemory memory, Threads threads) {
    Conv2dGeometry g = op.geometry();
    if (isDepthwise(op)) {
      return DepthwiseConv2d.forward(g, weights, memory);
    }
    if (GroupedConv2d.supports(g, op.groups())) {
      return GroupedConv2d.forward(g, op.groups(), weights, memory);
    }
    if (op.groups() > 1) {
      return DirectConv2d.forwardInGroups(g, op.groups(), weights, memory, threads);
    }
    return image
        ? DirectConv2d.forwardOfImage(g, weights, memory, threads)
        : DirectConv2d.forward(g, weights, memory, threads);
  }

  /** The backward to the input. */
  static PackedConv2d backwardInput(
      Conv2d op, float[] weights, PackMemory memory, Threads threads) {
    Conv2dGeometry g = op.geometry();
    if (isDepthwise(op)) {
      return DepthwiseConv2d.backwardInput(g, weights, memory);
    }
    if (GroupedConv2d.supports(g, op.groups())) {
      return GroupedConv2d.backwardInput(g, op.groups(), weights, memory);
    }
    return op.groups() > 1
        ? DirectConv2d.backwardInputInGroups(g, op.groups(), weights, memory, threads)
        : DirectConv2d.backwardInput(g, weights, memory, threads);
  }

  /** The border that the gradient of the weights needs around the input. */
  static Halo gradientHalo(Conv2d op, BlockedShape x, BlockedShape y) {
    return new Conv2dWeightGradient(op.geometry(), op.groups())
        .halo(x.height(), x.width(), y.height(), y.width());
  }

  /** Computes the gradient of the weights. */
  static void backwardWeight(
      Conv2d op,
      BlockedTensor dy,
      BlockedTensor x,
      FloatBuffer weights,
      Scratch scratch,
      Threads threads) {
    if (isDepthwise(op)) {
      new DepthwiseWeightGradient(op.geometry()).run(dy, x, weights, threads);
    } else {
      new Conv2dWeightGradient(op.geometry(), op.groups()).run(dy, x, weights, scratch, threads);
    }
  }
}
