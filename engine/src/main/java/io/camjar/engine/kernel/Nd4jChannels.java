package io.camjar.engine.kernel;

import static io.camjar.engine.kernel.Nd4jKernels.uninitialized;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;

/** Channel by channel, and means over windows, by ND4J's operations. */
final class Nd4jChannels {
  private Nd4jChannels() {}

  static INDArray affine(INDArray x, double[] scale, double[] shift) {
    INDArray y = uninitialized(x, x.shape());
    try (INDArray factor = HostCopy.array(scale, x.dataType(), scale.length);
        INDArray offset = HostCopy.array(shift, x.dataType(), shift.length)) {
      Nd4j.exec(new BroadcastMulOp(x, factor, y, 1));
      Nd4j.exec(new BroadcastAddOp(y, offset, y, 1));
    }
    return y;
  }

  static INDArray combine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    INDArray y = affine(a, p, r);
    try (INDArray second = affine(b, q, new double[q.length])) {
      return y.addi(second);
    }
  }

  /** Mean and biased variance, summed in double precision. */
  static double[][] moments(INDArray x) {
    int[] all = allButChannels(x);
    INDArray wide = wide(x);
    try (INDArray mean = wide.mean(all);
        INDArray variance = wide.var(false, all)) {
      return new double[][] {HostCopy.doubles(mean), HostCopy.doubles(variance)};
    } finally {
      closeCopy(wide, x);
    }
  }

  /** Sums of {@code a} and of {@code a * b} in double precision. */
  static double[][] sums(INDArray a, INDArray b) {
    int[] all = allButChannels(a);
    INDArray first = wide(a);
    INDArray second = wide(b);
    try (INDArray sum = first.sum(all);
        INDArray product = first.mul(second);
        INDArray sumOfProducts = product.sum(all)) {
      return new double[][] {HostCopy.doubles(sum), HostCopy.doubles(sumOfProducts)};
    } finally {
      closeCopy(first, a);
      closeCopy(second, b);
    }
  }

  /** Whether ND4J's average pool has the windows that PyTorch's has. */
  static boolean pools(Pool2dGeometry g, int height, int width) {
    Pool2dGeometry floor =
        new Pool2dGeometry(
            g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), g.padH(), g.padW(), false);
    return g.outH(height) == floor.outH(height) && g.outW(width) == floor.outW(width);
  }

  static INDArray averagePool(Pool2dGeometry g, INDArray x) {
    INDArray y =
        uninitialized(x, x.size(0), x.size(1), g.outH((int) x.size(2)), g.outW((int) x.size(3)));
    Nd4j.exec(window(DynamicCustomOp.builder("avgpool2d").addInputs(x).addOutputs(y), g));
    return y;
  }

  static INDArray averagePoolBackward(Pool2dGeometry g, INDArray dy, int height, int width) {
    INDArray dx = uninitialized(dy, dy.size(0), dy.size(1), height, width);
    try (INDArray x = Nd4j.zeros(dy.dataType(), dx.shape())) {
      Nd4j.exec(window(DynamicCustomOp.builder("avgpool2d_bp").addInputs(x, dy).addOutputs(dx), g));
    }
    return dx;
  }

  private static DynamicCustomOp window(
      DynamicCustomOp.DynamicCustomOpsBuilder op, Pool2dGeometry g) {
    // Then: dilation, padding as given, padding not counted, channels first.
    return op.addIntegerArguments(
            g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), g.padH(), g.padW(), 1, 1, 0, 0, 0)
        .build();
  }

  private static int[] allButChannels(INDArray x) {
    return x.rank() == 2 ? new int[] {0} : new int[] {0, 2, 3};
  }

  private static INDArray wide(INDArray x) {
    return x.dataType() == DataType.DOUBLE ? x : x.castTo(DataType.DOUBLE);
  }

  private static void closeCopy(INDArray copy, INDArray original) {
    if (copy != original) {
      copy.close();
    }
  }
}
