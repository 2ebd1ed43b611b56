package io.camjar.engine.op;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution that kernels do not know: zeros are laid around its input, and each group of
 * channels is a convolution of its own.
 */
final class Groups {
  private final Conv2d op;
  private final Kernels kernels;
  private final Conv2dGeometry part;

  Groups(Conv2d op, Kernels kernels) {
    this.op = op;
    this.kernels = kernels;
    Conv2dGeometry g = unpadded(op.geometry());
    this.part =
        new Conv2dGeometry(
            g.inChannels() / op.groups(),
            g.outChannels() / op.groups(),
            g.kernelH(),
            g.kernelW(),
            g.strideH(),
            g.strideW(),
            0,
            0,
            g.dilationH(),
            g.dilationW());
  }

  /** The same convolution of an input that is padded already. */
  static Conv2dGeometry unpadded(Conv2dGeometry g) {
    return new Conv2dGeometry(
        g.inChannels(),
        g.outChannels(),
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        0,
        0,
        g.dilationH(),
        g.dilationW());
  }

  INDArray forward(INDArray x, INDArray weight, @Nullable INDArray bias) {
    try (INDArray padded = padded(x)) {
      return concat(
          1,
          group -> {
            try (INDArray in = slice(padded, 1, group);
                INDArray w = slice(weight, 0, group);
                INDArray b = bias == null ? null : slice(bias, 0, group)) {
              return kernels.conv2d(part, in, w, b);
            }
          });
    }
  }

  INDArray backwardInput(INDArray dy, INDArray weight, int height, int width) {
    int padTop = op.geometry().padH();
    int padLeft = op.geometry().padW();
    INDArray dPadded =
        concat(
            1,
            group -> {
              try (INDArray d = slice(dy, 1, group);
                  INDArray w = slice(weight, 0, group)) {
                return kernels.conv2dBackwardInput(
                    part, d, w, padTop + height + op.padBottom(), padLeft + width + op.padRight());
              }
            });
    try (dPadded) {
      return dPadded.get(inside(height, width)).dup('c');
    }
  }

  INDArray backwardWeight(INDArray dy, INDArray x) {
    try (INDArray padded = padded(x)) {
      return concat(
          0,
          group -> {
            try (INDArray d = slice(dy, 1, group);
                INDArray in = slice(padded, 1, group)) {
              return kernels.conv2dBackwardWeight(part, d, in);
            }
          });
    }
  }

  private INDArray padded(INDArray x) {
    Conv2dGeometry g = op.geometry();
    INDArray padded =
        Nd4j.zeros(
            x.dataType(),
            x.size(0),
            x.size(1),
            g.padH() + x.size(2) + op.padBottom(),
            g.padW() + x.size(3) + op.padRight());
    padded.put(inside(x.size(2), x.size(3)), x);
    return padded;
  }

  private INDArrayIndex[] inside(long height, long width) {
    int top = op.geometry().padH();
    int left = op.geometry().padW();
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.all(),
      NDArrayIndex.interval(top, top + height),
      NDArrayIndex.interval(left, left + width)
    };
  }

  /** A copy of a group's share of an axis. */
  private INDArray slice(INDArray x, int axis, int group) {
    long each = x.size(axis) / op.groups();
    INDArrayIndex[] index = new INDArrayIndex[x.rank()];
    for (int i = 0; i < index.length; i++) {
      index[i] =
          i == axis ? NDArrayIndex.interval(group * each, (group + 1) * each) : NDArrayIndex.all();
    }
    return x.get(index).dup('c');
  }

  private INDArray concat(int axis, IntFunction<INDArray> parts) {
    INDArray[] all = new INDArray[op.groups()];
    for (int group = 0; group < all.length; group++) {
      all[group] = parts.apply(group);
    }
    if (all.length == 1) {
      return all[0];
    }
    INDArray whole = Nd4j.concat(axis, all);
    for (INDArray one : all) {
      one.close();
    }
    return whole;
  }
}
