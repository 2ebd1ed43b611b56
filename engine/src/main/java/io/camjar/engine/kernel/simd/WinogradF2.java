package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F(2, 3) at the points 0, 1, -1: as accurate as a direct sum, 2.25 times fewer products. */
final class WinogradF2 implements WinogradTransform {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

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
      FloatVector d0 = FloatVector.fromArray(S, d, i);
      FloatVector d1 = FloatVector.fromArray(S, d, i + step);
      FloatVector d2 = FloatVector.fromArray(S, d, i + 2 * step);
      FloatVector d3 = FloatVector.fromArray(S, d, i + 3 * step);
      d0.sub(d2).intoArray(to, o);
      d1.add(d2).intoArray(to, o + toStep);
      d2.sub(d1).intoArray(to, o + 2 * toStep);
      d1.sub(d3).intoArray(to, o + 3 * toStep);
    }
  }

  @Override
  public void output(
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
      int i = from + n * next;
      int o = at + n * toNext;
      FloatVector m0 = FloatVector.fromArray(S, m, i);
      FloatVector m1 = FloatVector.fromArray(S, m, i + step);
      FloatVector m2 = FloatVector.fromArray(S, m, i + 2 * step);
      FloatVector m3 = FloatVector.fromArray(S, m, i + 3 * step);
      m0.add(m1).add(m2).intoArray(to, o);
      m1.sub(m2).sub(m3).intoArray(to, o + toStep);
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
