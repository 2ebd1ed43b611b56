package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A function of each number by itself, and its derivative.
 *
 * @param kind which
 * @param a the lower limit, slope, or first coefficient of those that have some
 * @param b the upper limit or second coefficient
 */
public record Activation(Kind kind, float a, float b) {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** The functions. */
  public enum Kind {
    /** {@code min(max(x, a), b)}; its derivative at the limits is 0. */
    CLIP,
    /** {@code x} where it is positive, else {@code a x}. */
    LEAKY_RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code x / (1 + exp(-x))}. */
    SILU,
    /** {@code min(max(a x + b, 0), 1)}. */
    HARDSIGMOID,
    /** {@code x min(max(x + 3, 0), 6) / 6}. */
    HARDSWISH,
    /** {@code x (1 + erf(x / sqrt(2))) / 2}. */
    GELU,
    /** The same with {@code tanh(sqrt(2 / pi) (x + 0.044715 x^3))} for the error function. */
    GELU_TANH
  }

  /** A function without coefficients. */
  public Activation(Kind kind) {
    this(kind, 0, 0);
  }

  /** Whether 0 becomes 0, so that what is around an image stays as it is. */
  public boolean keepsZero() {
    return switch (kind) {
      case SIGMOID, HARDSIGMOID -> false;
      case CLIP -> a <= 0 && b >= 0;
      default -> true;
    };
  }

  /** {@code y = f(x)}. */
  public void forward(BlockedTensor x, BlockedTensor y, Threads threads) {
    rows(x, y, threads, (from, to, count) -> forward(x.data, from, y.data, to, count));
    if (!keepsZero()) {
      y.clearTail();
    }
  }

  /** {@code dx = dy f'(x)}; {@code dx} may be {@code dy}. */
  public void backward(BlockedTensor dy, BlockedTensor x, BlockedTensor dx, Threads threads) {
    rows(
        x,
        dx,
        threads,
        (from, to, count) -> backward(dy.data, to, x.data, from, dx.data, to, count));
  }

  private interface Row {
    void run(int from, int to, int count);
  }

  /** Lines of two tensors of one layout. */
  private static void rows(BlockedTensor x, BlockedTensor y, Threads threads, Row work) {
    threads.run(
        y.tasks(),
        (task, worker) -> {
          for (int row = 0; row < y.height; row++) {
            int from = x.offset(task / y.blocks, task % y.blocks, row, 0);
            int to = y.offset(task / y.blocks, task % y.blocks, row, 0);
            work.run(from, to, y.width * y.block);
          }
        });
  }

  /** The function of neighbouring numbers, as many as whole vectors hold; in place or not. */
  void forward(float[] x, int from, float[] y, int to, int count) {
    switch (kind) {
      case CLIP -> clip(x, from, y, to, count, a, b);
      case LEAKY_RELU -> leakyRelu(x, from, y, to, count, a);
      case SIGMOID -> sigmoid(x, from, y, to, count);
      case SILU -> silu(x, from, y, to, count);
      case HARDSIGMOID -> hardsigmoid(x, from, y, to, count, a, b);
      case HARDSWISH -> hardswish(x, from, y, to, count);
      case GELU -> gelu(x, from, y, to, count);
      case GELU_TANH -> geluTanh(x, from, y, to, count);
    }
  }

  /**
   * The function of sums and a bias, in place and in one sweep: of those that most convolutions end
   * in.
   *
   * @param bias one value a channel, from {@code b} on
   * @param count places, each a block of channels
   * @return whether this function has such a sweep; if not, nothing has changed
   */
  boolean ofSums(float[] y, int at, float[] bias, int b, int count) {
    switch (kind) {
      case CLIP -> clipOfSums(y, at, bias, b, count, a, this.b);
      case SILU -> siluOfSums(y, at, bias, b, count);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void backward(float[] dy, int d, float[] x, int from, float[] dx, int to, int count) {
    switch (kind) {
      case CLIP -> clipBackward(dy, d, x, from, dx, to, count, a, b);
      case LEAKY_RELU -> leakyReluBackward(dy, d, x, from, dx, to, count, a);
      case SIGMOID -> sigmoidBackward(dy, d, x, from, dx, to, count);
      case SILU -> siluBackward(dy, d, x, from, dx, to, count);
      case HARDSIGMOID -> hardsigmoidBackward(dy, d, x, from, dx, to, count, a, b);
      case HARDSWISH -> hardswishBackward(dy, d, x, from, dx, to, count);
      case GELU -> geluBackward(dy, d, x, from, dx, to, count);
      case GELU_TANH -> geluTanhBackward(dy, d, x, from, dx, to, count);
    }
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(S, x, i);
  }

  private static FloatVector all(double value) {
    return FloatVector.broadcast(S, (float) value);
  }

  private static void clip(float[] x, int from, float[] y, int to, int n, float a, float b) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      VectorMath.atMost(VectorMath.atLeast(at(x, from + i), all(a)), all(b)).intoArray(y, to + i);
    }
  }

  private static void clipOfSums(
      float[] y, int at, float[] bias, int b, int count, float least, float most) {
    for (int c = at; c < at + count * Lanes.BLOCK; c += Lanes.BLOCK) {
      FloatVector p = at(y, c).add(at(bias, b));
      VectorMath.atMost(VectorMath.atLeast(p, all(least)), all(most)).intoArray(y, c);
      int d = c + Lanes.COUNT;
      FloatVector q = at(y, d).add(at(bias, b + Lanes.COUNT));
      VectorMath.atMost(VectorMath.atLeast(q, all(least)), all(most)).intoArray(y, d);
    }
  }

  private static void clipBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n, float a, float b) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      VectorMask<Float> inside =
          v.compare(VectorOperators.GT, a).and(v.compare(VectorOperators.LT, b));
      all(0).blend(at(dy, d + i), inside).intoArray(dx, to + i);
    }
  }

  private static void leakyRelu(float[] x, int from, float[] y, int to, int n, float a) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      v.mul(a).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, to + i);
    }
  }

  private static void leakyReluBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n, float a) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector g = at(dy, d + i);
      VectorMask<Float> open = at(x, from + i).compare(VectorOperators.GT, 0);
      g.mul(a).blend(g, open).intoArray(dx, to + i);
    }
  }

  private static void sigmoid(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      VectorMath.sigmoid(at(x, from + i)).intoArray(y, to + i);
    }
  }

  private static void sigmoidBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector s = VectorMath.sigmoid(at(x, from + i));
      at(dy, d + i).mul(s.mul(all(1).sub(s))).intoArray(dx, to + i);
    }
  }

  private static void silu(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      v.div(VectorMath.exp(v.neg()).add(1)).intoArray(y, to + i);
    }
  }

  private static void siluOfSums(float[] y, int at, float[] bias, int b, int count) {
    // One vector a turn: of two the compiler inlines only a part, and boxes the rest.
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.COUNT) {
      FloatVector v = at(y, at + i).add(at(bias, b + (i & Lanes.COUNT)));
      v.div(VectorMath.exp(v.neg()).add(1)).intoArray(y, at + i);
    }
  }

  private static void siluBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      FloatVector s = VectorMath.sigmoid(v);
      FloatVector slope = v.mul(all(1).sub(s)).add(1).mul(s);
      at(dy, d + i).mul(slope).intoArray(dx, to + i);
    }
  }

  private static void hardsigmoid(float[] x, int from, float[] y, int to, int n, float a, float b) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = VectorMath.atLeast(at(x, from + i).fma(all(a), all(b)), all(0));
      VectorMath.atMost(v, all(1)).intoArray(y, to + i);
    }
  }

  private static void hardsigmoidBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n, float a, float b) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector y = at(x, from + i).fma(all(a), all(b));
      VectorMask<Float> inside =
          y.compare(VectorOperators.GT, 0).and(y.compare(VectorOperators.LT, 1));
      all(0).blend(at(dy, d + i).mul(a), inside).intoArray(dx, to + i);
    }
  }

  private static void hardswish(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      FloatVector gate = VectorMath.atMost(VectorMath.atLeast(v.add(3), all(0)), all(6));
      v.mul(gate).div(6).intoArray(y, to + i);
    }
  }

  private static void hardswishBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      FloatVector slope = v.div(3).add(0.5f).blend(1, v.compare(VectorOperators.GT, 3));
      slope = slope.blend(0, v.compare(VectorOperators.LT, -3));
      at(dy, d + i).mul(slope).intoArray(dx, to + i);
    }
  }

  private static void gelu(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      v.mul(VectorMath.normal(v)).intoArray(y, to + i);
    }
  }

  private static void geluBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      FloatVector density =
          VectorMath.exp(v.mul(v).mul(-0.5f)).mul(all(1 / Math.sqrt(2 * Math.PI)));
      at(dy, d + i).mul(v.fma(density, VectorMath.normal(v))).intoArray(dx, to + i);
    }
  }

  private static void geluTanh(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      v.mul(VectorMath.sigmoid(twice(v))).intoArray(y, to + i);
    }
  }

  private static void geluTanhBackward(
      float[] dy, int d, float[] x, int from, float[] dx, int to, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = at(x, from + i);
      FloatVector p = VectorMath.sigmoid(twice(v));
      FloatVector inner = v.mul(v).mul(all(3 * CUBIC)).add(1).mul(all(2 * SCALE));
      FloatVector density = p.mul(all(1).sub(p)).mul(inner);
      at(dy, d + i).mul(v.fma(density, p)).intoArray(dx, to + i);
    }
  }

  private static final double CUBIC = 0.044715;
  private static final double SCALE = Math.sqrt(2 / Math.PI);

  /** Twice what GELU's tanh is of: {@code (1 + tanh(u)) / 2} is the sigmoid of {@code 2 u}. */
  private static FloatVector twice(FloatVector v) {
    return v.mul(v).mul(all(CUBIC)).add(1).mul(v).mul(all(2 * SCALE));
  }
}
