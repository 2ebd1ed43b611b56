package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(4, 3) at the points 0, 1, -1, 2, -2: 4 times fewer products, at some five times the rounding
 * error of a direct sum.
 */
final class WinogradF4 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  @Override
  public int outputs() {
    return 4;
  }

  @Override
  public double[][] kernel() {
    return new double[][] {
      {1 / 4.0, 0, 0},
      {-1 / 6.0, -1 / 6.0, -1 / 6.0},
      {-1 / 6.0, 1 / 6.0, -1 / 6.0},
      {1 / 24.0, 1 / 12.0, 1 / 6.0},
      {1 / 24.0, -1 / 12.0, 1 / 6.0},
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
    FloatVector two = FloatVector.broadcast(S, 2);
    FloatVector four = FloatVector.broadcast(S, 4);
    FloatVector minusFour = FloatVector.broadcast(S, -4);
    FloatVector minusFive = FloatVector.broadcast(S, -5);
    FloatVector d0 = FloatVector.fromArray(S, d, i);
    FloatVector d1 = FloatVector.fromArray(S, d, i + step);
    FloatVector d2 = FloatVector.fromArray(S, d, i + 2 * step);
    FloatVector d3 = FloatVector.fromArray(S, d, i + 3 * step);
    FloatVector d4 = FloatVector.fromArray(S, d, i + 4 * step);
    FloatVector d5 = FloatVector.fromArray(S, d, i + 5 * step);
    d0.fma(four, d2.fma(minusFive, d4)).intoArray(to, o);
    FloatVector even = d2.fma(minusFour, d4);
    FloatVector odd = d1.fma(minusFour, d3);
    even.add(odd).intoArray(to, o + toStep);
    even.sub(odd).intoArray(to, o + 2 * toStep);
    FloatVector high = d4.sub(d2);
    FloatVector slope = d3.sub(d1).mul(two);
    high.add(slope).intoArray(to, o + 3 * toStep);
    high.sub(slope).intoArray(to, o + 4 * toStep);
    d1.fma(four, d3.fma(minusFive, d5)).intoArray(to, o + 5 * toStep);
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
      FloatVector two = FloatVector.broadcast(S, 2);
      FloatVector four = FloatVector.broadcast(S, 4);
      FloatVector eight = FloatVector.broadcast(S, 8);
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
      m0.add(sum).add(outerSum).intoArray(to, o);
      outerDifference.fma(two, difference).intoArray(to, o + toStep);
      outerSum.fma(four, sum).intoArray(to, o + 2 * toStep);
      outerDifference.fma(eight, difference).add(m5).intoArray(to, o + 3 * toStep);
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
    FloatVector two = FloatVector.broadcast(S, 2);
    FloatVector four = FloatVector.broadcast(S, 4);
    FloatVector eight = FloatVector.broadcast(S, 8);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(S, y, i);
      FloatVector y1 = FloatVector.fromArray(S, y, i + step);
      FloatVector y2 = FloatVector.fromArray(S, y, i + 2 * step);
      FloatVector y3 = FloatVector.fromArray(S, y, i + 3 * step);
      y0.intoArray(to, o);
      FloatVector even = y0.add(y2);
      FloatVector odd = y1.add(y3);
      even.add(odd).intoArray(to, o + toStep);
      even.sub(odd).intoArray(to, o + 2 * toStep);
      FloatVector wideEven = y2.fma(four, y0);
      FloatVector wideOdd = y3.fma(eight, y1.mul(two));
      wideEven.add(wideOdd).intoArray(to, o + 3 * toStep);
      wideEven.sub(wideOdd).intoArray(to, o + 4 * toStep);
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
    FloatVector quarter = FloatVector.broadcast(S, 1 / 4f);
    FloatVector sixth = FloatVector.broadcast(S, 1 / 6f);
    FloatVector minusSixth = FloatVector.broadcast(S, -1 / 6f);
    FloatVector twelfth = FloatVector.broadcast(S, 1 / 12f);
    FloatVector twentyFourth = FloatVector.broadcast(S, 1 / 24f);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector u0 = FloatVector.fromArray(S, u, i);
      FloatVector u1 = FloatVector.fromArray(S, u, i + step);
      FloatVector u2 = FloatVector.fromArray(S, u, i + 2 * step);
      FloatVector u3 = FloatVector.fromArray(S, u, i + 3 * step);
      FloatVector u4 = FloatVector.fromArray(S, u, i + 4 * step);
      FloatVector u5 = FloatVector.fromArray(S, u, i + 5 * step);
      FloatVector inner = u1.add(u2).mul(minusSixth);
      FloatVector outer = u3.add(u4);
      u0.fma(quarter, outer.fma(twentyFourth, inner)).intoArray(to, o);
      FloatVector slope = u2.sub(u1).mul(sixth);
      u3.sub(u4).fma(twelfth, slope).intoArray(to, o + toStep);
      outer.fma(sixth, inner).add(u5).intoArray(to, o + 2 * toStep);
    }
  }
}
