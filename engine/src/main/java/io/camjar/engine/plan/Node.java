package io.camjar.engine.plan;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network as a function of values; a value is the number of the node that computes
 * it, 0 the input.
 */
sealed interface Node {

  /** The values it reads. */
  List<Integer> inputs();

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
      implements Node {
    @Override
    public List<Integer> inputs() {
      return residual == null ? List.of(x) : List.of(x, residual);
    }

    Conv withAffine(Affine affine) {
      return new Conv(geometry, weights.scaled(affine.scale(), affine.shift()), x, residual, relu);
    }

    Conv withResidual(int value) {
      return new Conv(geometry, weights, x, value, relu);
    }

    Conv withRelu() {
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
  }
}
