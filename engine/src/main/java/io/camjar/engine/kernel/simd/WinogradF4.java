package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(4, 3) at the points 0, &plusmn;&radic;&frac12;, &plusmn;&radic;2: 4 times fewer products, at
 * some two times the rounding error of a direct sum. The usual points 0, &plusmn;1, &plusmn;2 have
 * twice as much of it, since their powers lie further apart.
 *
 * <p>Products at &plusmn;&radic;&frac12; are scaled by &radic;&frac12;, those at &plusmn;&radic;2
 * by 2, which saves the transform of the outputs two multiplications.
 */
final class WinogradF4 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final double ROOT_2 = Math.sqrt(2);
  private static final float ROOT = (float) ROOT_2;
  private static final float HALF_ROOT = (float) (ROOT_2 / 2);

  /** What {@code G} has before 1, x and x^2 at the points x = &plusmn;&radic;&frac12;. */
  static final float NEAR = (float) (-ROOT_2 / 3);

  /** The same at &plusmn;&radic;2. */
  static final float FAR = 1 / 3f;

  @Override
  public int outputs() {
    return 4;
  }

  /** 1, x and x^2 at x = &radic;&frac12;; 1, 2 and 4 times as much at &radic;2. */
  static double[] powers() {
    return new double[] {1, ROOT_2 / 2, 0.5};
  }

  @Override
  public double[][] kernel() {
    double third = 1 / 3.0;
    double root = ROOT_2 / 3;
    return new double[][] {
      {1, 0, 0},
      {-root, -third, -root / 2},
      {-root, third, -root / 2},
      {third, root, 2 * third},
      {third, -root, 2 * third},
      {0, 0, 1}
    };
  }

  /** Twice through memory that is in cache: 36 vectors are more than there are registers. */
  @Override
  public void input(
      float[] d, int from, int row, float[] to, int at, int pitch, float[] spare, int spareAt) {
    int next = Lanes.BLOCK;
    inputs(d, from, row, next, spare, spareAt, 6 * next, next);
    inputs(spare, spareAt, next, 6 * next, to, at, pitch, 6 * pitch);
  }

  /** {@code B' d} of six lines of two vectors. */
  private static void inputs(
      float[] d, int from, int step, int next, float[] to, int at, int toStep, int toNext) {
    for (int n = 0; n < 6; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      inputs(d, i, step, to, o, toStep);
      inputs(d, i + Lanes.COUNT, step, to, o + Lanes.COUNT, toStep);
    }
  }

  private static void inputs(float[] d, int i, int step, float[] to, int o, int toStep) {
    FloatVector root = FloatVector.broadcast(S, ROOT);
    FloatVector minusRoot = FloatVector.broadcast(S, -ROOT);
    FloatVector halfRoot = FloatVector.broadcast(S, HALF_ROOT);
    FloatVector minusHalfRoot = FloatVector.broadcast(S, -HALF_ROOT);
    FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
    FloatVector minusTwo = FloatVector.broadcast(S, -2);
    FloatVector both = FloatVector.broadcast(S, -2.5f);
    FloatVector d0 = FloatVector.fromArray(S, d, i);
    FloatVector d1 = FloatVector.fromArray(S, d, i + step);
    FloatVector d2 = FloatVector.fromArray(S, d, i + 2 * step);
    FloatVector d3 = FloatVector.fromArray(S, d, i + 3 * step);
    FloatVector d4 = FloatVector.fromArray(S, d, i + 4 * step);
    FloatVector d5 = FloatVector.fromArray(S, d, i + 5 * step);
    d2.fma(both, d4).add(d0).intoArray(to, o);
    FloatVector even = d2.fma(minusTwo, d4);
    FloatVector odd = d1.fma(minusTwo, d3);
    odd.fma(halfRoot, even).intoArray(to, o + toStep);
    odd.fma(minusHalfRoot, even).intoArray(to, o + 2 * toStep);
    FloatVector farEven = d2.fma(minusHalf, d4);
    FloatVector farOdd = d1.fma(minusHalf, d3);
    farOdd.fma(root, farEven).intoArray(to, o + 3 * toStep);
    farOdd.fma(minusRoot, farEven).intoArray(to, o + 4 * toStep);
    d3.fma(both, d5).add(d1).intoArray(to, o + 5 * toStep);
  }

  @Override
  public void output(float[] m, int from, int pitch, float[] to, int at) {
    int own = 6 * Lanes.BLOCK;
    for (int j = 0; j < 6; j++) {
      int column = from + j * pitch;
      outputs(m, column, 6 * pitch, Lanes.COUNT, to, at + j * Lanes.BLOCK, own, Lanes.COUNT, 2);
    }
    for (int i = 0; i < 4; i++) {
      // A row is read before it is overwritten, and the rows behind it lie behind their outputs.
      int row = at + 4 * i * Lanes.BLOCK;
      outputs(to, at + i * own, Lanes.BLOCK, Lanes.COUNT, to, row, Lanes.BLOCK, Lanes.COUNT, 2);
    }
  }

  /** {@code A' m} of some lines. */
  private static void outputs(
      float[] m,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines) {
    for (int n = 0; n < lines; n++) {
      FloatVector root = FloatVector.broadcast(S, ROOT);
      FloatVector halfRoot = FloatVector.broadcast(S, HALF_ROOT);
      FloatVector half = FloatVector.broadcast(S, 0.5f);
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector m0 = FloatVector.fromArray(S, m, i);
      FloatVector m1 = FloatVector.fromArray(S, m, i + step);
      FloatVector m2 = FloatVector.fromArray(S, m, i + 2 * step);
      FloatVector m3 = FloatVector.fromArray(S, m, i + 3 * step);
      FloatVector m4 = FloatVector.fromArray(S, m, i + 4 * step);
      FloatVector m5 = FloatVector.fromArray(S, m, i + 5 * step);
      FloatVector sum = m1.add(m2);
      FloatVector difference = m1.sub(m2);
      FloatVector outerSum = m3.add(m4);
      FloatVector outerDifference = m3.sub(m4);
      sum.fma(root, outerSum.fma(half, m0)).intoArray(to, o);
      outerDifference.fma(halfRoot, difference).intoArray(to, o + toStep);
      sum.fma(halfRoot, outerSum).intoArray(to, o + 2 * toStep);
      difference.fma(half, outerDifference.fma(root, m5)).intoArray(to, o + 3 * toStep);
    }
  }

  @Override
  public void outputGradient(
      float[] y,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines) {
    FloatVector root = FloatVector.broadcast(S, ROOT);
    FloatVector halfRoot = FloatVector.broadcast(S, HALF_ROOT);
    FloatVector half = FloatVector.broadcast(S, 0.5f);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(S, y, i);
      FloatVector y1 = FloatVector.fromArray(S, y, i + step);
      FloatVector y2 = FloatVector.fromArray(S, y, i + 2 * step);
      FloatVector y3 = FloatVector.fromArray(S, y, i + 3 * step);
      y0.intoArray(to, o);
      FloatVector even = y0.fma(root, y2.mul(halfRoot));
      FloatVector odd = y3.fma(half, y1);
      even.add(odd).intoArray(to, o + toStep);
      even.sub(odd).intoArray(to, o + 2 * toStep);
      FloatVector farEven = y0.fma(half, y2);
      FloatVector farOdd = y3.fma(root, y1.mul(halfRoot));
      farEven.add(farOdd).intoArray(to, o + 3 * toStep);
      farEven.sub(farOdd).intoArray(to, o + 4 * toStep);
      y3.intoArray(to, o + 5 * toStep);
    }
  }

  @Override
  public void kernelGradient(
      float[] u,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines) {
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector half = FloatVector.broadcast(S, 0.5f);
    FloatVector third = FloatVector.broadcast(S, FAR);
    FloatVector twoThirds = FloatVector.broadcast(S, 2 * FAR);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector u0 = FloatVector.fromArray(S, u, i);
      FloatVector u1 = FloatVector.fromArray(S, u, i + step);
      FloatVector u2 = FloatVector.fromArray(S, u, i + 2 * step);
      FloatVector u3 = FloatVector.fromArray(S, u, i + 3 * step);
      FloatVector u4 = FloatVector.fromArray(S, u, i + 4 * step);
      FloatVector u5 = FloatVector.fromArray(S, u, i + 5 * step);
      FloatVector inner = u1.add(u2).mul(near);
      FloatVector outer = u3.add(u4);
      outer.fma(third, inner.add(u0)).intoArray(to, o);
      FloatVector slope = u2.sub(u1).mul(third);
      u4.sub(u3).fma(near, slope).intoArray(to, o + toStep);
      outer.fma(twoThirds, inner.fma(half, u5)).intoArray(to, o + 2 * toStep);
    }
  }
}
