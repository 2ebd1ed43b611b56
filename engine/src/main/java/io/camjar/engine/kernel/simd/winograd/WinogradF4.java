package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(4, 3) at the points 0, &plusmn;3/4, &plusmn;3/2: 4 times fewer products, at some two to four
 * times the rounding error of a direct sum. The usual points 0, &plusmn;1, &plusmn;2 have twice as
 * much of it, since their powers lie further apart.
 *
 * <p>All constants of the transforms of inputs and outputs are exact in float32. Were they rounded,
 * as for the points &radic;&frac12; and &radic;2, their error would be the same in all channels and
 * layers and add up: to ten times as much in the scores of photographs.
 */
final class WinogradF4 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** The nearer points, &plusmn;; the others are twice as far. */
  private static final float NEAR = 3 / 4f;

  private static final float FAR = 3 / 2f;

  /** What {@code G} has before 1, x and x^2 at the points. */
  private static final double ZERO_FACTOR = 64 / 81.0;

  private static final double NEAR_FACTOR = -128 / 243.0;
  private static final double FAR_FACTOR = 32 / 243.0;

  /** What is common to the three, so that the rest is exact: 3/4, -1/2 and 1/8. */
  private static final double COMMON_FACTOR = 256 / 243.0;

  /** Floats between two points of neighbouring tiles, halfway; constants need no registers. */
  private static final int ROW = Lanes.MAX_ROWS * Lanes.BLOCK;

  /** Floats between two lines of places of neighbouring tiles. */
  private static final int LINE = (4 * Lanes.MAX_ROWS + 2) * Lanes.BLOCK;

  @Override
  public int outputs() {
    return 4;
  }

  /**
   * What {@link WinogradRowGemm} multiplies the three values of a kernel's row by beforehand: 1, x
   * and x^2 at x = 3/4, of which the point 3/2 has 1, 2 and 4 times as much, and the common factor.
   */
  static double[] rowFactors() {
    return powers(NEAR, COMMON_FACTOR);
  }

  @Override
  public double[][] kernel() {
    return new double[][] {
      {ZERO_FACTOR, 0, 0},
      powers(NEAR, NEAR_FACTOR),
      powers(-NEAR, NEAR_FACTOR),
      powers(FAR, FAR_FACTOR),
      powers(-FAR, FAR_FACTOR),
      {0, 0, 1}
    };
  }

  /** A row of {@code G}: what it has before 1, x and x^2 at a point. */
  static double[] powers(double x, double factor) {
    return new double[] {factor, factor * x, factor * x * x};
  }

  /**
   * Down the columns of places first, which neighbouring tiles share, then along each line: 36
   * vectors are more than there are registers. Indices are linear in loops of constant steps, so
   * that the compiler tests them before a loop, not in it.
   */
  @Override
  public void input(
      float[] d,
      int from,
      int row,
      int tiles,
      float[] to,
      int at,
      int pitch,
      float[] spare,
      int spareAt) {
    int places = (4 * tiles + 2) * Lanes.BLOCK;
    for (int place = 0; place < places; place += Lanes.COUNT) {
      inputs(d, from + place, row, spare, spareAt + place, LINE);
    }
    for (int i = 0; i < 6; i++) {
      inputLine(spare, spareAt + i * LINE, tiles * Lanes.BLOCK, to, at + 6 * i * pitch, pitch);
    }
  }

  private static void inputLine(float[] d, int i, int tiles, float[] to, int o, int pitch) {
    for (int tile = 0; tile < tiles; tile += Lanes.BLOCK) {
      inputs(d, i + 4 * tile, Lanes.BLOCK, to, o + tile, pitch);
      int half = Lanes.COUNT;
      inputs(d, i + half + 4 * tile, Lanes.BLOCK, to, o + half + tile, pitch);
    }
  }

  /** {@code B' d} of one vector; steps are constants where they can be. */
  private static void inputs(float[] d, int i, int step, float[] to, int o, int toStep) {
    FloatVector minusNearSquare = FloatVector.broadcast(S, -NEAR * NEAR);
    FloatVector minusFarSquare = FloatVector.broadcast(S, -FAR * FAR);
    FloatVector minusSum = FloatVector.broadcast(S, -NEAR * NEAR - FAR * FAR);
    FloatVector product = FloatVector.broadcast(S, NEAR * NEAR * FAR * FAR);
    FloatVector d0 = FloatVector.fromArray(S, d, i);
    FloatVector d1 = FloatVector.fromArray(S, d, i + step);
    FloatVector d2 = FloatVector.fromArray(S, d, i + 2 * step);
    FloatVector d3 = FloatVector.fromArray(S, d, i + 3 * step);
    FloatVector d4 = FloatVector.fromArray(S, d, i + 4 * step);
    FloatVector d5 = FloatVector.fromArray(S, d, i + 5 * step);
    d0.fma(product, d2.fma(minusSum, d4)).intoArray(to, o);
    FloatVector even = d2.fma(minusFarSquare, d4);
    FloatVector odd = d1.fma(minusFarSquare, d3).mul(FloatVector.broadcast(S, NEAR));
    even.add(odd).intoArray(to, o + toStep);
    even.sub(odd).intoArray(to, o + 2 * toStep);
    even = d2.fma(minusNearSquare, d4);
    odd = d1.fma(minusNearSquare, d3).mul(FloatVector.broadcast(S, FAR));
    even.add(odd).intoArray(to, o + 3 * toStep);
    even.sub(odd).intoArray(to, o + 4 * toStep);
    d1.fma(product, d3.fma(minusSum, d5)).intoArray(to, o + 5 * toStep);
  }

  @Override
  public void output(float[] m, int from, int pitch, int tiles, float[] to, int at) {
    int floats = tiles * Lanes.BLOCK;
    int half = at + 16 * ROW;
    for (int j = 0; j < 6; j++) {
      outputColumns(m, from + j * pitch, 6 * pitch, floats, to, half + j * ROW);
    }
    for (int i = 0; i < 4; i++) {
      outputLine(to, half + 6 * i * ROW, floats, at + 4 * i * ROW);
    }
  }

  private static void outputColumns(float[] m, int i, int step, int tiles, float[] to, int o) {
    for (int tile = 0; tile < tiles; tile += Lanes.COUNT) {
      outputs(m, i + tile, step, to, o + tile, 6 * ROW);
    }
  }

  private static void outputLine(float[] to, int i, int tiles, int o) {
    for (int tile = 0; tile < tiles; tile += Lanes.BLOCK) {
      outputs(to, i + tile, ROW, to, o + 4 * tile, Lanes.BLOCK);
      int half = Lanes.COUNT;
      outputs(to, i + half + tile, ROW, to, o + half + 4 * tile, Lanes.BLOCK);
    }
  }

  /** {@code A' m} of one vector; steps are constants where they can be. */
  private static void outputs(float[] m, int i, int step, float[] to, int o, int toStep) {
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector nearSquare = FloatVector.broadcast(S, NEAR * NEAR);
    FloatVector nearCube = FloatVector.broadcast(S, NEAR * NEAR * NEAR);
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    FloatVector farCube = FloatVector.broadcast(S, FAR * FAR * FAR);
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
    m0.add(sum).add(outerSum).intoArray(to, o);
    outerDifference.fma(far, difference.mul(near)).intoArray(to, o + toStep);
    outerSum.fma(farSquare, sum.mul(nearSquare)).intoArray(to, o + 2 * toStep);
    outerDifference.fma(farCube, difference.fma(nearCube, m5)).intoArray(to, o + 3 * toStep);
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
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector nearSquare = FloatVector.broadcast(S, NEAR * NEAR);
    FloatVector nearCube = FloatVector.broadcast(S, NEAR * NEAR * NEAR);
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    FloatVector farCube = FloatVector.broadcast(S, FAR * FAR * FAR);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(S, y, i);
      FloatVector y1 = FloatVector.fromArray(S, y, i + step);
      FloatVector y2 = FloatVector.fromArray(S, y, i + 2 * step);
      FloatVector y3 = FloatVector.fromArray(S, y, i + 3 * step);
      y0.intoArray(to, o);
      FloatVector even = y2.fma(nearSquare, y0);
      FloatVector odd = y3.fma(nearCube, y1.mul(near));
      even.add(odd).intoArray(to, o + toStep);
      even.sub(odd).intoArray(to, o + 2 * toStep);
      FloatVector farEven = y2.fma(farSquare, y0);
      FloatVector farOdd = y3.fma(farCube, y1.mul(far));
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
    FloatVector zeroFactor = FloatVector.broadcast(S, (float) ZERO_FACTOR);
    FloatVector nearFactor = FloatVector.broadcast(S, (float) NEAR_FACTOR);
    FloatVector farFactor = FloatVector.broadcast(S, (float) FAR_FACTOR);
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector nearSquare = FloatVector.broadcast(S, NEAR * NEAR);
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector u0 = FloatVector.fromArray(S, u, i);
      FloatVector u1 = FloatVector.fromArray(S, u, i + step);
      FloatVector u2 = FloatVector.fromArray(S, u, i + 2 * step);
      FloatVector u3 = FloatVector.fromArray(S, u, i + 3 * step);
      FloatVector u4 = FloatVector.fromArray(S, u, i + 4 * step);
      FloatVector u5 = FloatVector.fromArray(S, u, i + 5 * step);
      FloatVector inner = u1.add(u2).mul(nearFactor);
      FloatVector outer = u3.add(u4).mul(farFactor);
      u0.fma(zeroFactor, inner.add(outer)).intoArray(to, o);
      FloatVector slope = u1.sub(u2).mul(nearFactor).mul(near);
      u3.sub(u4).mul(farFactor).fma(far, slope).intoArray(to, o + toStep);
      outer.fma(farSquare, inner.fma(nearSquare, u5)).intoArray(to, o + 2 * toStep);
    }
  }
}
