package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F(2, 3) at the points 0, 1, -1: as accurate as a direct sum, 2.25 times fewer products. */
final class WinogradF2 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Floats between the two lines of outputs. */
  private static final int LINE = 2 * Lanes.MAX_ROWS * Lanes.BLOCK;

  @Override
  public int outputs() {
    return 2;
  }

  @Override
  public double[][] kernel() {
    return new double[][] {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
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
    for (int tile = 0; tile < tiles * Lanes.BLOCK; tile += Lanes.BLOCK) {
      inputs(d, from + 2 * tile, row, to, at + tile, pitch);
      inputs(d, from + 2 * tile + Lanes.COUNT, row, to, at + tile + Lanes.COUNT, pitch);
    }
  }

  private static void inputs(float[] d, int from, int row, float[] to, int at, int pitch) {
    int next = Lanes.BLOCK;
    FloatVector a0 = FloatVector.fromArray(S, d, from);
    FloatVector a1 = FloatVector.fromArray(S, d, from + next);
    FloatVector a2 = FloatVector.fromArray(S, d, from + 2 * next);
    FloatVector a3 = FloatVector.fromArray(S, d, from + 3 * next);
    FloatVector b0 = FloatVector.fromArray(S, d, from + row);
    FloatVector b1 = FloatVector.fromArray(S, d, from + row + next);
    FloatVector b2 = FloatVector.fromArray(S, d, from + row + 2 * next);
    FloatVector b3 = FloatVector.fromArray(S, d, from + row + 3 * next);
    FloatVector c0 = FloatVector.fromArray(S, d, from + 2 * row);
    FloatVector c1 = FloatVector.fromArray(S, d, from + 2 * row + next);
    FloatVector c2 = FloatVector.fromArray(S, d, from + 2 * row + 2 * next);
    FloatVector c3 = FloatVector.fromArray(S, d, from + 2 * row + 3 * next);
    FloatVector d0 = FloatVector.fromArray(S, d, from + 3 * row);
    FloatVector d1 = FloatVector.fromArray(S, d, from + 3 * row + next);
    FloatVector d2 = FloatVector.fromArray(S, d, from + 3 * row + 2 * next);
    FloatVector d3 = FloatVector.fromArray(S, d, from + 3 * row + 3 * next);
    // Written out: of helpers, the just-in-time compiler would leave the last as a call.
    FloatVector x0 = a0.sub(c0);
    FloatVector x1 = a1.sub(c1);
    FloatVector x2 = a2.sub(c2);
    FloatVector x3 = a3.sub(c3);
    int point = at;
    x0.sub(x2).intoArray(to, point);
    x1.add(x2).intoArray(to, point + pitch);
    x2.sub(x1).intoArray(to, point + 2 * pitch);
    x1.sub(x3).intoArray(to, point + 3 * pitch);
    x0 = b0.add(c0);
    x1 = b1.add(c1);
    x2 = b2.add(c2);
    x3 = b3.add(c3);
    point = at + 4 * pitch;
    x0.sub(x2).intoArray(to, point);
    x1.add(x2).intoArray(to, point + pitch);
    x2.sub(x1).intoArray(to, point + 2 * pitch);
    x1.sub(x3).intoArray(to, point + 3 * pitch);
    x0 = c0.sub(b0);
    x1 = c1.sub(b1);
    x2 = c2.sub(b2);
    x3 = c3.sub(b3);
    point = at + 8 * pitch;
    x0.sub(x2).intoArray(to, point);
    x1.add(x2).intoArray(to, point + pitch);
    x2.sub(x1).intoArray(to, point + 2 * pitch);
    x1.sub(x3).intoArray(to, point + 3 * pitch);
    x0 = b0.sub(d0);
    x1 = b1.sub(d1);
    x2 = b2.sub(d2);
    x3 = b3.sub(d3);
    point = at + 12 * pitch;
    x0.sub(x2).intoArray(to, point);
    x1.add(x2).intoArray(to, point + pitch);
    x2.sub(x1).intoArray(to, point + 2 * pitch);
    x1.sub(x3).intoArray(to, point + 3 * pitch);
  }

  @Override
  public void output(float[] m, int from, int pitch, int tiles, float[] to, int at) {
    for (int tile = 0; tile < tiles * Lanes.BLOCK; tile += Lanes.BLOCK) {
      outputs(m, from + tile, pitch, to, at + 2 * tile);
      int half = Lanes.COUNT;
      outputs(m, from + tile + half, pitch, to, at + 2 * tile + half);
    }
  }

  private static void outputs(float[] m, int from, int pitch, float[] to, int at) {
    int row = 4 * pitch;
    FloatVector b0 = FloatVector.fromArray(S, m, from + row);
    FloatVector b1 = FloatVector.fromArray(S, m, from + row + pitch);
    FloatVector b2 = FloatVector.fromArray(S, m, from + row + 2 * pitch);
    FloatVector b3 = FloatVector.fromArray(S, m, from + row + 3 * pitch);
    FloatVector c0 = FloatVector.fromArray(S, m, from + 2 * row);
    FloatVector c1 = FloatVector.fromArray(S, m, from + 2 * row + pitch);
    FloatVector c2 = FloatVector.fromArray(S, m, from + 2 * row + 2 * pitch);
    FloatVector c3 = FloatVector.fromArray(S, m, from + 2 * row + 3 * pitch);
    outputRow(
        FloatVector.fromArray(S, m, from).add(b0).add(c0),
        FloatVector.fromArray(S, m, from + pitch).add(b1).add(c1),
        FloatVector.fromArray(S, m, from + 2 * pitch).add(b2).add(c2),
        FloatVector.fromArray(S, m, from + 3 * pitch).add(b3).add(c3),
        to,
        at);
    int last = from + 3 * row;
    outputRow(
        b0.sub(c0).sub(FloatVector.fromArray(S, m, last)),
        b1.sub(c1).sub(FloatVector.fromArray(S, m, last + pitch)),
        b2.sub(c2).sub(FloatVector.fromArray(S, m, last + 2 * pitch)),
        b3.sub(c3).sub(FloatVector.fromArray(S, m, last + 3 * pitch)),
        to,
        at + LINE);
  }

  private static void outputRow(
      FloatVector m0, FloatVector m1, FloatVector m2, FloatVector m3, float[] to, int at) {
    m0.add(m1).add(m2).intoArray(to, at);
    m1.sub(m2).sub(m3).intoArray(to, at + Lanes.BLOCK);
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
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(S, y, i);
      FloatVector y1 = FloatVector.fromArray(S, y, i + step);
      y0.intoArray(to, o);
      y0.add(y1).intoArray(to, o + toStep);
      y0.sub(y1).intoArray(to, o + 2 * toStep);
      y1.neg().intoArray(to, o + 3 * toStep);
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
    FloatVector half = FloatVector.broadcast(S, 0.5f);
    for (int n = 0; n < lines; n++) {
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector u0 = FloatVector.fromArray(S, u, i);
      FloatVector u1 = FloatVector.fromArray(S, u, i + step);
      FloatVector u2 = FloatVector.fromArray(S, u, i + 2 * step);
      FloatVector u3 = FloatVector.fromArray(S, u, i + 3 * step);
      FloatVector inner = u1.add(u2).mul(half);
      u0.add(inner).intoArray(to, o);
      u1.sub(u2).mul(half).intoArray(to, o + toStep);
      inner.add(u3).intoArray(to, o + 2 * toStep);
    }
  }
}
