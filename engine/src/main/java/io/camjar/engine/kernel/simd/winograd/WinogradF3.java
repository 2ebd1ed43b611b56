package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(3, 3) at the points 0, &plusmn;3/4, 3/2: 3.24 times fewer products, at some three quarters of
 * the rounding error of {@link WinogradF4}, whose points but one these are. As there, all constants
 * of the transforms of inputs and outputs are exact in float32, and both go down the columns first,
 * then along each line. These walks are written out in both: inherited, with the methods for a
 * column and a line overridden, they take a network 2 to 7 % more time.
 */
final class WinogradF3 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private static final float NEAR = 3 / 4f;
  private static final float FAR = 3 / 2f;

  /** What {@code G} has before 1, x and x^2 at the points 0, 3/4, -3/4 and 3/2. */
  private static final double ZERO_FACTOR = 32 / 27.0;

  private static final double NEAR_FACTOR = -32 / 27.0;
  private static final double MINUS_FACTOR = -32 / 81.0;
  private static final double FAR_FACTOR = 32 / 81.0;

  /** Floats between two points of neighbouring tiles, halfway; constants need no registers. */
  private static final int ROW = Lanes.MAX_ROWS * Lanes.BLOCK;

  /** Floats between two lines of places of neighbouring tiles. */
  private static final int LINE = (3 * Lanes.MAX_ROWS + 2) * Lanes.BLOCK;

  @Override
  public int outputs() {
    return 3;
  }

  @Override
  public double[][] kernel() {
    return new double[][] {
      {ZERO_FACTOR, 0, 0},
      WinogradF4.powers(NEAR, NEAR_FACTOR),
      WinogradF4.powers(-NEAR, MINUS_FACTOR),
      WinogradF4.powers(FAR, FAR_FACTOR),
      {0, 0, 1}
    };
  }

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
    int places = (3 * tiles + 2) * Lanes.BLOCK;
    for (int place = 0; place < places; place += Lanes.COUNT) {
      inputs(d, from + place, row, spare, spareAt + place, LINE);
    }
    for (int i = 0; i < 5; i++) {
      inputLine(spare, spareAt + i * LINE, tiles * Lanes.BLOCK, to, at + 5 * i * pitch, pitch);
    }
  }

  private static void inputLine(float[] d, int i, int tiles, float[] to, int o, int pitch) {
    for (int tile = 0; tile < tiles; tile += Lanes.BLOCK) {
      inputs(d, i + 3 * tile, Lanes.BLOCK, to, o + tile, pitch);
      int half = Lanes.COUNT;
      inputs(d, i + half + 3 * tile, Lanes.BLOCK, to, o + half + tile, pitch);
    }
  }

  /** {@code B' d} of one vector; steps are constants where they can be. */
  private static void inputs(float[] d, int i, int step, float[] to, int o, int toStep) {
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector minusNearSquare = FloatVector.broadcast(S, -NEAR * NEAR);
    FloatVector minusFar = FloatVector.broadcast(S, -FAR);
    FloatVector product = FloatVector.broadcast(S, NEAR * NEAR * FAR);
    FloatVector d0 = FloatVector.fromArray(S, d, i);
    FloatVector d1 = FloatVector.fromArray(S, d, i + step);
    FloatVector d2 = FloatVector.fromArray(S, d, i + 2 * step);
    FloatVector d3 = FloatVector.fromArray(S, d, i + 3 * step);
    FloatVector d4 = FloatVector.fromArray(S, d, i + 4 * step);
    FloatVector odd = d2.fma(minusFar, d3);
    d0.fma(product, d1.fma(minusNearSquare, odd)).intoArray(to, o);
    FloatVector even = d1.fma(minusFar, d2).mul(near);
    odd.add(even).intoArray(to, o + toStep);
    odd.sub(even).intoArray(to, o + 2 * toStep);
    d1.fma(minusNearSquare, d3).intoArray(to, o + 3 * toStep);
    d1.fma(product, d2.fma(minusNearSquare, d3.fma(minusFar, d4))).intoArray(to, o + 4 * toStep);
  }

  @Override
  public void output(float[] m, int from, int pitch, int tiles, float[] to, int at) {
    int floats = tiles * Lanes.BLOCK;
    int half = at + 9 * ROW;
    for (int j = 0; j < 5; j++) {
      outputColumns(m, from + j * pitch, 5 * pitch, floats, to, half + j * ROW);
    }
    for (int i = 0; i < 3; i++) {
      outputLine(to, half + 5 * i * ROW, floats, at + 3 * i * ROW);
    }
  }

  private static void outputColumns(float[] m, int i, int step, int tiles, float[] to, int o) {
    for (int tile = 0; tile < tiles; tile += Lanes.COUNT) {
      outputs(m, i + tile, step, to, o + tile, 5 * ROW);
    }
  }

  private static void outputLine(float[] to, int i, int tiles, int o) {
    for (int tile = 0; tile < tiles; tile += Lanes.BLOCK) {
      outputs(to, i + tile, ROW, to, o + 3 * tile, Lanes.BLOCK);
      int half = Lanes.COUNT;
      outputs(to, i + half + tile, ROW, to, o + half + 3 * tile, Lanes.BLOCK);
    }
  }

  /** {@code A' m} of one vector; steps are constants where they can be. */
  private static void outputs(float[] m, int i, int step, float[] to, int o, int toStep) {
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector nearSquare = FloatVector.broadcast(S, NEAR * NEAR);
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    FloatVector m0 = FloatVector.fromArray(S, m, i);
    FloatVector m1 = FloatVector.fromArray(S, m, i + step);
    FloatVector m2 = FloatVector.fromArray(S, m, i + 2 * step);
    FloatVector m3 = FloatVector.fromArray(S, m, i + 3 * step);
    FloatVector m4 = FloatVector.fromArray(S, m, i + 4 * step);
    FloatVector sum = m1.add(m2);
    m0.add(sum).add(m3).intoArray(to, o);
    m3.fma(far, m1.sub(m2).mul(near)).intoArray(to, o + toStep);
    m3.fma(farSquare, sum.fma(nearSquare, m4)).intoArray(to, o + 2 * toStep);
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
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(S, y, i);
      FloatVector y1 = FloatVector.fromArray(S, y, i + step);
      FloatVector y2 = FloatVector.fromArray(S, y, i + 2 * step);
      y0.intoArray(to, o);
      FloatVector even = y2.fma(nearSquare, y0);
      FloatVector odd = y1.mul(near);
      even.add(odd).intoArray(to, o + toStep);
      even.sub(odd).intoArray(to, o + 2 * toStep);
      y1.fma(far, y2.fma(farSquare, y0)).intoArray(to, o + 3 * toStep);
      y2.intoArray(to, o + 4 * toStep);
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
    FloatVector minusFactor = FloatVector.broadcast(S, (float) MINUS_FACTOR);
    FloatVector farFactor = FloatVector.broadcast(S, (float) FAR_FACTOR);
    FloatVector near = FloatVector.broadcast(S, NEAR);
    FloatVector nearSquare = FloatVector.broadcast(S, NEAR * NEAR);
    FloatVector far = FloatVector.broadcast(S, FAR);
    FloatVector farSquare = FloatVector.broadcast(S, FAR * FAR);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector u0 = FloatVector.fromArray(S, u, i);
      FloatVector u1 = FloatVector.fromArray(S, u, i + step).mul(nearFactor);
      FloatVector u2 = FloatVector.fromArray(S, u, i + 2 * step).mul(minusFactor);
      FloatVector u3 = FloatVector.fromArray(S, u, i + 3 * step).mul(farFactor);
      FloatVector u4 = FloatVector.fromArray(S, u, i + 4 * step);
      FloatVector sum = u1.add(u2);
      u0.fma(zeroFactor, sum.add(u3)).intoArray(to, o);
      u3.fma(far, u1.sub(u2).mul(near)).intoArray(to, o + toStep);
      u3.fma(farSquare, sum.fma(nearSquare, u4)).intoArray(to, o + 2 * toStep);
    }
  }
}
