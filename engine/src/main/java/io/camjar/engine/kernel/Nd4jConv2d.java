package io.camjar.engine.kernel;

import static io.camjar.engine.kernel.Nd4jKernels.uninitialized;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Convolution as a product of the weights {@code [O, I*kH*kW]} with the unrolled image {@code
 * [I*kH*kW, oH*oW]}, one image at a time so that the unrolled image stays small.
 */
final class Nd4jConv2d {

  private Nd4jConv2d() {}

  static INDArray forward(Conv2dGeometry g, INDArray x, INDArray weight, @Nullable INDArray bias) {
    int outH = g.outH((int) x.size(2));
    int outW = g.outW((int) x.size(3));
    INDArray y = uninitialized(x, x.size(0), g.outChannels(), outH, outW);
    INDArray matrix = asMatrix(g, weight);
    try (Columns columns = new Columns(g, x, outH, outW)) {
      for (int i = 0; i < x.size(0); i++) {
        Nd4jGemm.multiply(matrix, columns.unroll(image(x, i)), planes(y, i), false);
      }
    }
    if (bias != null) {
      Nd4j.exec(new BroadcastAddOp(y, bias, y, 1));
    }
    return y;
  }

  static INDArray backwardInput(
      Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
    INDArray dx = uninitialized(dy, dy.size(0), g.inChannels(), height, width);
    INDArray matrix = asMatrix(g, weight).transpose();
    try (Columns columns = new Columns(g, dy, (int) dy.size(2), (int) dy.size(3))) {
      for (int i = 0; i < dy.size(0); i++) {
        if (g.isPointwise()) {
          Nd4jGemm.multiply(matrix, planes(dy, i), planes(dx, i), false);
        } else {
          Nd4jGemm.multiply(matrix, planes(dy, i), columns.matrix(), false);
          columns.roll(image(dx, i));
        }
      }
    }
    return dx;
  }

  static INDArray backwardWeight(Conv2dGeometry g, INDArray dy, INDArray x) {
    INDArray dw = uninitialized(x, g.outChannels(), g.inChannels(), g.kernelH(), g.kernelW());
    INDArray matrix = asMatrix(g, dw);
    try (Columns columns = new Columns(g, x, (int) dy.size(2), (int) dy.size(3))) {
      for (int i = 0; i < x.size(0); i++) {
        Nd4jGemm.multiply(planes(dy, i), columns.unroll(image(x, i)).transpose(), matrix, i > 0);
      }
    }
    return dw;
  }

  private static INDArray asMatrix(Conv2dGeometry g, INDArray weight) {
    return weight.reshape('c', g.outChannels(), g.weights() / g.outChannels());
  }

  /** Image {@code i} of a batch as a view {@code [1, C, H, W]}. */
  private static INDArray image(INDArray batch, int i) {
    return batch.size(0) == 1 ? batch : batch.get(NDArrayIndex.interval(i, i + 1));
  }

  /** Image {@code i} of a batch as a view {@code [C, H*W]}. */
  private static INDArray planes(INDArray batch, int i) {
    return image(batch, i).reshape('c', batch.size(1), batch.size(2) * batch.size(3));
  }

  /** The unrolled image of one image, allocated once a call. */
  private static final class Columns implements AutoCloseable {
    private final Conv2dGeometry g;
    private final @Nullable INDArray columns;

    Columns(Conv2dGeometry g, INDArray like, int outH, int outW) {
      this.g = g;
      this.columns =
          g.isPointwise()
              ? null
              : uninitialized(like, 1, g.inChannels(), g.kernelH(), g.kernelW(), outH, outW);
    }

    INDArray matrix() {
      return columns.reshape('c', g.weights() / g.outChannels(), columns.size(4) * columns.size(5));
    }

    INDArray unroll(INDArray image) {
      if (columns == null) {
        return planes(image, 0);
      }
      Nd4j.exec(
          DynamicCustomOp.builder("im2col")
              .addInputs(image)
              .addOutputs(columns)
              .addIntegerArguments(
                  g.kernelH(),
                  g.kernelW(),
                  g.strideH(),
                  g.strideW(),
                  g.padH(),
                  g.padW(),
                  g.dilationH(),
                  g.dilationW(),
                  0)
              .addFloatingPointArguments(0.0)
              .build());
      return matrix();
    }

    void roll(INDArray image) {
      Nd4j.exec(
          DynamicCustomOp.builder("col2im")
              .addInputs(columns)
              .addOutputs(image)
              .addIntegerArguments(
                  g.strideH(),
                  g.strideW(),
                  g.padH(),
                  g.padW(),
                  (int) image.size(2),
                  (int) image.size(3),
                  g.dilationH(),
                  g.dilationW(),
                  0)
              .build());
    }

    @Override
    public void close() {
      if (columns != null) {
        columns.close();
      }
    }
  }
}
