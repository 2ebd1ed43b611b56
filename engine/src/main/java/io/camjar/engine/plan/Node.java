package io.camjar.engine.plan;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedNorms;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.GlobalPools;
import io.camjar.engine.nn.BatchNorm;
import io.camjar.engine.nn.Normalisation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network as a function of values; a value is the number of the node that computes
 * it, 0 the input.
 *
 * <p>Each has its shape rule, its forward and its backward one after the other, so that the
 * compiler finds what a new one lacks. A backward is run where some input wants a gradient or the
 * node has parameters that are trained; it owns {@code dy} only if it takes it by {@link
 * Backward#own}.
 */
sealed interface Node {

  /** The values it reads. */
  List<Integer> inputs();

  /** The shape of its value. */
  Shape shape(List<Shape> shapes);

  /** Computes its value. */
  void forward(Forward pass, int value, Blocked y);

  /** Hands the gradient of its value on to what it was computed from. */
  void backward(Backward pass, int value, Blocked dy);

  /** The values that its backward reads, besides the gradient. */
  default List<Integer> backwardReads(int value) {
    return List.of();
  }

  /** Whether negative results become 0. */
  default boolean relu() {
    return false;
  }

  /** The layer whose parameters it uses, if these may be trained. */
  default @Nullable String trained() {
    return null;
  }

  /** A step that can add a residual to its result, and rectify it, in one go. */
  sealed interface Foldable extends Node {

    /** The value that is changed. */
    int x();

    /** A value added to the result, or null. */
    @Nullable Integer residual();

    /** This step with a residual. */
    Foldable withResidual(int value);

    /** This step with a ReLU. */
    Foldable withRelu();

    @Override
    default List<Integer> inputs() {
      Integer residual = residual();
      return residual == null ? List.of(x()) : List.of(x(), residual);
    }
  }

  /** The images that the network is given, or the output of a point that a pass starts from. */
  record Input() implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of();
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      throw new IllegalStateException("the shape of an input is given");
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      throw new IllegalStateException("an input is given");
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {}
  }

  /**
   * A convolution or, on features, a linear layer, with what is folded into it.
   *
   * @param weights where its numbers come from
   * @param residual a value added to the sums, or null
   * @param relu whether negative results become 0
   */
  record Conv(
      Conv2dGeometry geometry, ConvWeights weights, int x, @Nullable Integer residual, boolean relu)
      implements Foldable {

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

    @Override
    public @Nullable String trained() {
      return weights.path();
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      Shape in = requireChannels(shapes.get(x), geometry.inChannels(), weights.path());
      return in.withChannels(
          geometry.outChannels(), geometry.outH(in.height()), geometry.outW(in.width()));
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      Convolution convolution = pass.schedule().convolution(value);
      Blocked added = residual == null ? null : pass.value(residual);
      convolution.forward(
          pass.value(x),
          y,
          new Epilogue(convolution.bias(), added, relu),
          pass.memory(),
          pass.threads());
    }

    @Override
    public List<Integer> backwardReads(int value) {
      return relu ? List.of(value) : List.of();
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Convolution convolution = pass.schedule().convolution(value);
      Blocked gradient = relu ? pass.masked(value, dy) : dy;
      if (pass.schedule().trains(weights.path())) {
        pass.parameter(
            weights.path() + ".weight",
            convolution.backwardWeight(gradient, pass.value(x), pass.memory(), pass.threads()));
        if (weights.bias() != null) {
          pass.parameter(
              weights.path() + ".bias",
              BlockedNorms.gradientSums(gradient, gradient, pass.threads())[0]);
        }
      }
      if (pass.wants(x)) {
        Blocked before = pass.gradientSoFar(x);
        Blocked dx = before == null ? pass.take(x) : before;
        Blocked mask = pass.masks(value, x) ? pass.value(x) : null;
        convolution.backwardInput(
            gradient, dx, new Epilogue(null, before, false, mask), pass.memory(), pass.threads());
        pass.set(x, dx);
      }
      if (residual != null && pass.wants(residual)) {
        pass.add(residual, pass.own(value, gradient));
      } else {
        pass.discard(value, gradient);
      }
    }
  }

  /** {@code x * scale[c] + shift[c]}: a batch norm that evaluates. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Affine(double[] scale, double[] shift, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return requireChannels(shapes.get(x), scale.length, "a batch norm");
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      BlockedLoops.affine(pass.value(x), padded(scale), padded(shift), y, pass.threads());
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked dx = pass.take(x);
      float[] factor = padded(scale);
      BlockedLoops.affine(dy, factor, new float[factor.length], dx, pass.threads());
      pass.add(x, dx);
    }
  }

  /**
   * A batch norm in training, with what follows it.
   *
   * @param residual a value added to the result, or null
   * @param relu whether negative results become 0
   */
  record Norm(BatchNorm layer, int x, @Nullable Integer residual, boolean relu)
      implements Foldable {

    @Override
    public Norm withResidual(int value) {
      return new Norm(layer, x, value, relu);
    }

    @Override
    public Norm withRelu() {
      return new Norm(layer, x, residual, true);
    }

    @Override
    public @Nullable String trained() {
      return layer.path();
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return shapes.get(x);
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      Blocked in = pass.value(x);
      double count = pass.schedule().shape(value).perChannel();
      Normalisation norm = layer.ofBatch(BlockedNorms.moments(in, pass.threads()), count);
      pass.save(value, norm);
      BlockedNorms.normalise(
          in,
          padded(norm.scale()),
          padded(norm.shift()),
          residual == null ? null : pass.value(residual),
          relu,
          y,
          pass.threads());
    }

    @Override
    public List<Integer> backwardReads(int value) {
      return relu ? List.of(x, value) : List.of(x);
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked gradient = relu ? pass.masked(value, dy) : dy;
      Blocked in = pass.value(x);
      double count = pass.schedule().shape(value).perChannel();
      Normalisation.Gradient g =
          pass.saved(value, Normalisation.class)
              .gradient(BlockedNorms.gradientSums(gradient, in, pass.threads()), count);
      if (pass.schedule().trains(layer.path())) {
        pass.parameter(layer.path() + ".weight", g.dWeight());
        pass.parameter(layer.path() + ".bias", g.dBias());
      }
      boolean shared = residual != null && pass.wants(residual);
      Blocked own = pass.own(value, gradient);
      if (pass.wants(x)) {
        Blocked dx = shared ? pass.take(value) : own;
        BlockedNorms.combine(
            own,
            padded(g.dyFactor()),
            in,
            padded(g.xFactor()),
            padded(g.constant()),
            dx,
            pass.threads());
        pass.add(x, dx);
      } else if (!shared) {
        pass.give(value, own);
      }
      if (shared) {
        pass.add(residual, own);
      }
    }
  }

  /** A rectified linear unit, {@code max(x, 0)}. */
  record Relu(int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public boolean relu() {
      return true;
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return shapes.get(x);
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      BlockedLoops.relu(pass.value(x), y, pass.threads());
    }

    @Override
    public List<Integer> backwardReads(int value) {
      return List.of(value);
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      pass.add(x, pass.own(value, pass.masked(value, dy)));
    }
  }

  /** The sum of a branch and its shortcut. */
  record Add(int branch, int shortcut) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(branch, shortcut);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return shapes.get(branch);
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      BlockedLoops.add(pass.value(branch), pass.value(shortcut), y, pass.threads());
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked own = pass.own(value, dy);
      if (!pass.wants(branch)) {
        pass.add(shortcut, own);
      } else {
        if (pass.wants(shortcut)) {
          Blocked copy = pass.take(value);
          BlockedLoops.copy(own, copy, pass.threads());
          pass.add(shortcut, copy);
        }
        pass.add(branch, own);
      }
    }
  }

  /** A max-pool. */
  record MaxPool(Pool2dGeometry geometry, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return pooled(geometry, shapes.get(x));
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      new BlockedPools(geometry).max(pass.value(x), y, pass.threads());
    }

    @Override
    public List<Integer> backwardReads(int value) {
      return List.of(x);
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked dx = pass.take(x);
      new BlockedPools(geometry).maxBackward(dy, pass.value(x), dx, pass.threads());
      pass.add(x, dx);
    }
  }

  /** An average pool. */
  record AvgPool(Pool2dGeometry geometry, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return pooled(geometry, shapes.get(x));
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      new BlockedPools(geometry).average(pass.value(x), y, pass.threads());
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked dx = pass.take(x);
      new BlockedPools(geometry).averageBackward(dy, dx, pass.threads());
      pass.add(x, dx);
    }
  }

  /**
   * A pool over the whole image, to features: the maximum, then the mean, or one of them.
   *
   * @param max whether the maximum is taken
   * @param mean whether the mean is taken
   */
  record GlobalPool(boolean max, boolean mean, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      Shape in = shapes.get(x);
      return Shape.features(in.batch(), max && mean ? 2 * in.channels() : in.channels());
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      Blocked from = pass.value(x);
      if (max) {
        GlobalPools.max(from, y, 0, pass.threads());
      }
      if (mean) {
        GlobalPools.mean(from, y, max ? from.channels() : 0, pass.threads());
      }
    }

    @Override
    public List<Integer> backwardReads(int value) {
      // Maxima are found again.
      return max ? List.of(x) : List.of();
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked dx = pass.take(x);
      if (mean) {
        GlobalPools.meanBackward(dy, max ? dx.channels() : 0, dx, pass.threads());
      } else {
        dx.clear();
      }
      if (max) {
        GlobalPools.maxBackward(dy, 0, pass.value(x), dx, pass.threads());
      }
      pass.add(x, dx);
    }
  }

  /** Dropout in training, with probability {@code p}; evaluating, there is no such node. */
  record Drop(double p, int x) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(x);
    }

    @Override
    public Shape shape(List<Shape> shapes) {
      return shapes.get(x);
    }

    @Override
    public void forward(Forward pass, int value, Blocked y) {
      Blocked mask = pass.mask(value, p);
      pass.save(value, mask);
      BlockedLoops.multiply(pass.value(x), mask, y, pass.threads());
    }

    @Override
    public void backward(Backward pass, int value, Blocked dy) {
      Blocked dx = pass.take(x);
      BlockedLoops.multiply(dy, pass.saved(value, Blocked.class), dx, pass.threads());
      pass.add(x, dx);
    }
  }

  private static Shape pooled(Pool2dGeometry g, Shape in) {
    return in.withChannels(in.channels(), g.outH(in.height()), g.outW(in.width()));
  }

  private static Shape requireChannels(Shape in, int channels, String path) {
    if (in.channels() != channels) {
      throw new CamjarException(
          "%s expected an input of %d channels, found %d".formatted(path, channels, in.channels()));
    }
    return in;
  }

  private static float[] padded(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Epilogue.pad(floats);
  }
}
