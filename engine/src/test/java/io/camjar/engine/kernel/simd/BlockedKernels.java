package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.threads.Threads;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loops of the cpu backend behind the interface that all kernels are tested through: each
 * argument is laid out in blocks with a border that is wider than needed, and the result copied
 * out.
 *
 * <p>A max-pool's backward finds its maxima again in the input, so it belongs to the last forward.
 */
public class BlockedKernels extends ReferenceKernels {
  private static final Halo HALO = new Halo(1, 2);
  private final Threads threads = Threads.shared();
  private INDArray pooled;
  private Pool2dGeometry window;

  @Override
  public String name() {
    return "blocked, vectors of " + Lanes.COUNT;
  }

  /** A window, or a copy of it where a test wants a wrong one. */
  protected Pool2dGeometry window(Pool2dGeometry geometry) {
    return geometry;
  }

  @Override
  public MaxPooled maxPool2d(Pool2dGeometry g, INDArray x) {
    pooled = x;
    window = g;
    int[] argmax = super.maxPool2d(g, x).argmax();
    BlockedTensor in = blocked(x);
    if (isGlobal(g, x)) {
      BlockedTensor y = features(x.size(0), x.size(1));
      GlobalPools.max(in, y, 0, threads);
      return new MaxPooled(pixels(y), argmax);
    }
    BlockedTensor y = output(g, x);
    new BlockedPools(window(g)).max(in, y, threads);
    return new MaxPooled(LayoutConversion.array(y), argmax);
  }

  @Override
  public INDArray maxPool2dBackward(INDArray dy, int[] argmax, long... inputShape) {
    BlockedTensor x = blocked(pooled);
    BlockedTensor dx = like(pooled);
    if (isGlobal(window, pooled)) {
      GlobalPools.maxBackward(gradientOfFeatures(dy), 0, x, dx, threads);
    } else {
      new BlockedPools(window(window)).maxBackward(blocked(dy), x, dx, threads);
    }
    return LayoutConversion.array(dx);
  }

  @Override
  public INDArray avgPool2d(Pool2dGeometry g, INDArray x) {
    if (isGlobal(g, x)) {
      BlockedTensor y = features(x.size(0), x.size(1));
      GlobalPools.mean(blocked(x), y, 0, new Scratch(), threads);
      return pixels(y);
    }
    BlockedTensor y = output(g, x);
    new BlockedPools(window(g)).average(blocked(x), y, threads);
    return LayoutConversion.array(y);
  }

  @Override
  public INDArray avgPool2dBackward(Pool2dGeometry g, INDArray dy, int height, int width) {
    BlockedTensor dx = BlockedTensor.zeros((int) dy.size(0), (int) dy.size(1), height, width, HALO);
    if (g.kernelH() == height && g.kernelW() == width && dy.size(2) == 1 && dy.size(3) == 1) {
      GlobalPools.meanBackward(gradientOfFeatures(dy), 0, dx, threads);
    } else {
      new BlockedPools(window(g)).averageBackward(blocked(dy), dx, threads);
    }
    return LayoutConversion.array(dx);
  }

  @Override
  public INDArray relu(INDArray x) {
    BlockedTensor y = like(x);
    BlockedLoops.relu(blocked(x), y, threads);
    return out(y, x);
  }

  @Override
  public INDArray reluBackward(INDArray dy, INDArray y) {
    BlockedTensor dx = like(y);
    BlockedLoops.reluBackward(blocked(dy), blocked(y), dx, threads);
    return out(dx, y);
  }

  @Override
  public INDArray add(INDArray a, INDArray b) {
    BlockedTensor y = like(a);
    BlockedLoops.add(blocked(a), blocked(b), y, threads);
    return out(y, a);
  }

  @Override
  public INDArray channelAffine(INDArray x, double[] scale, double[] shift) {
    BlockedTensor y = like(x);
    BlockedNorms.normalise(blocked(x), pad(scale), pad(shift), null, false, y, threads);
    return out(y, x);
  }

  @Override
  public INDArray channelCombine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    BlockedTensor y = like(a);
    BlockedNorms.combine(blocked(a), pad(p), blocked(b), pad(q), pad(r), y, threads);
    return out(y, a);
  }

  @Override
  public double[][] channelMoments(INDArray x) {
    return BlockedNorms.moments(blocked(x), threads);
  }

  @Override
  public double[][] channelSums(INDArray a, INDArray b) {
    return BlockedNorms.gradientSums(blocked(a), blocked(b), threads);
  }

  private static boolean isGlobal(Pool2dGeometry g, INDArray x) {
    return g.kernelH() == x.size(2) && g.kernelW() == x.size(3) && g.padH() + g.padW() == 0;
  }

  private static BlockedTensor output(Pool2dGeometry g, INDArray x) {
    return BlockedTensor.zeros(
        (int) x.size(0), (int) x.size(1), g.outH((int) x.size(2)), g.outW((int) x.size(3)), HALO);
  }

  private static BlockedTensor features(long batch, long channels) {
    return BlockedTensor.zeros(1, (int) channels, 1, (int) batch, Halo.NONE);
  }

  private static INDArray pixels(BlockedTensor features) {
    INDArray array = LayoutConversion.featureArray(features);
    return array.reshape('c', array.size(0), array.size(1), 1, 1);
  }

  private static BlockedTensor gradientOfFeatures(INDArray dy) {
    return LayoutConversion.features(dy.reshape('c', dy.size(0), dy.size(1)));
  }

  private static BlockedTensor blocked(INDArray x) {
    return x.rank() == 2 ? LayoutConversion.features(x) : LayoutConversion.blocked(x, HALO);
  }

  private static BlockedTensor like(INDArray x) {
    return x.rank() == 2
        ? features(x.size(0), x.size(1))
        : BlockedTensor.zeros(
            (int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3), HALO);
  }

  private static INDArray out(BlockedTensor y, INDArray like) {
    return like.rank() == 2 ? LayoutConversion.featureArray(y) : LayoutConversion.array(y);
  }

  private static float[] pad(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Epilogue.pad(floats);
  }
}
