package io.camjar.engine.plan;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.GlobalPools;
import io.camjar.engine.nn.BatchNorm;
import io.camjar.engine.threads.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network as a function of values; a value is the number of the node that computes
 * it, 0 the input.
 */
sealed interface Node {

  /** The values it reads. */
  List<Integer> inputs();

  /** A step that can add a residual to its result, and rectify it, in one go. */
  sealed interface Foldable extends Node {

    /** A value added to the result, or null. */
    @Nullable Integer residual();

    /** Whether the result is rectified. */
    boolean relu();

    /** This step with a residual. */
    Foldable withResidual(int value);

    /** This step with a rectifier. */
    Foldable withRelu();
  }

  /** The picture that the network is given. */
  record Input() implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of();
    }
  }

  /**
   * A convolution or, on features, a linear layer, with what is folded into it.
   *
   * @param weights where its numbers come from
   * @param residual a value added to the sums, or null
   * @param relu whether the result is rectified
   */
  record Conv(
      Conv2dGeometry geometry, ConvWeights weights, int x, @Nullable Integer residual, boolean relu)
      implements Foldable {
    @Override
    public List<Integer> inputs() {
      return residual == null ? List.of(x) : List.of(x, residual);
    }

    Conv withAffine(Affine affine) {
      return new Conv(geometry, weights.scaled(affine.scale(), affine.shift()), x, residual, relu);
    }

    @Override
    public Conv withResidual(int value) {
      return new Conv(geometry, weights, x, value, relu);
    }

    @Override
    public Conv withRelu() {
      return new Conv(geometry, weights, x, residual, true);
    }
  }

  /** {@code x * scale[c] + shift[c]}: a batch norm that evaluates. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Affine(double[] scale, double[] shift, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }
  }

  /**
   * A batch norm in training, with what follows it.
   *
   * @param residual a value added to the result, or null
   * @param relu whether the result is rectified
   */
  record Norm(BatchNorm layer, int x, @Nullable Integer residual, boolean relu)
      implements Foldable {
    @Override
    public List<Integer> inputs() {
      return residual == null ? List.of(x) : List.of(x, residual);
    }

    @Override
    public Norm withResidual(int value) {
      return new Norm(layer, x, value, relu);
    }

    @Override
    public Norm withRelu() {
      return new Norm(layer, x, residual, true);
    }
  }

  /** A rectifier. */
  record Relu(int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }
  }

  /** The sum of a branch and its shortcut. */
  record Add(int branch, int shortcut) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(branch, shortcut);
    }
  }

  /** A max-pool. */
  record MaxPool(Pool2dGeometry geometry, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }
  }

  /** An average pool. */
  record AvgPool(Pool2dGeometry geometry, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }
  }

  /**
   * A pool over the whole picture, to features: the maximum, then the mean, or one of them.
   *
   * @param max whether the maximum is taken
   * @param mean whether the mean is taken
   */
  record GlobalPool(boolean max, boolean mean, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    void forward(Blocked from, Blocked to, Threads threads) {
      if (max) {
        GlobalPools.max(from, to, 0, threads);
      }
      if (mean) {
        GlobalPools.mean(from, to, max ? from.channels() : 0, threads);
      }
    }

    /** Sets {@code dx}, from the forward's input where maxima have to be found again. */
    void backward(Blocked dy, Blocked from, Blocked dx, Threads threads) {
      if (mean) {
        GlobalPools.meanBackward(dy, max ? dx.channels() : 0, dx, threads);
      } else {
        dx.clear();
      }
      if (max) {
        GlobalPools.maxBackward(dy, 0, from, dx, threads);
      }
    }
  }
}
