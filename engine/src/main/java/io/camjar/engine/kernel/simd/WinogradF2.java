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
}
