package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link KernelRows} in vectors of doubles. Loops over numbers that the just-in-time compiler makes
 * vectors of by itself spend most of their time ahead of their vectors and behind them.
 */
record KernelVectors() implements KernelRows {
  private static final VectorSpecies<Double> D =
      VectorSpecies.of(double.class, Lanes.SPECIES.vectorShape());

  /** Floats that become a vector of doubles. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.SPECIES.vectorBitSize() / 2));

  private static final int DOUBLES = D.length();

  @Override
  public boolean squares() {
    return Squares.fit();
  }

  @Override
  public void scale(float[] x, int from, double factor, double[] y, int to) {
    for (int i = 0; i < LENGTH; i += DOUBLES) {
      load(x, from + i).mul(factor).intoArray(y, to + i);
    }
  }

  @Override
  public void scale(double[] x, int from, double factor, float[] y, int to) {
    for (int i = 0; i < LENGTH; i += DOUBLES) {
      store(DoubleVector.fromArray(D, x, from + i).mul(factor), y, to + i);
    }
  }

  @Override
  public void sum(float[] x, int from, double[] g, double[] y, int to) {
    DoubleVector g0 = DoubleVector.broadcast(D, g[0]);
    DoubleVector g1 = DoubleVector.broadcast(D, g[1]);
    DoubleVector g2 = DoubleVector.broadcast(D, g[2]);
    for (int i = 0; i < LENGTH; i += DOUBLES) {
      DoubleVector sum = load(x, from + 3 * LENGTH + i).fma(g1, load(x, from + i).mul(g0));
      load(x, from + 6 * LENGTH + i).fma(g2, sum).intoArray(y, to + i);
    }
  }

  @Override
  public void sum(double[] x, int from, double[] g, float[] y, int to) {
    DoubleVector g0 = DoubleVector.broadcast(D, g[0]);
    DoubleVector g1 = DoubleVector.broadcast(D, g[1]);
    DoubleVector g2 = DoubleVector.broadcast(D, g[2]);
    for (int i = 0; i < LENGTH; i += DOUBLES) {
      DoubleVector first = DoubleVector.fromArray(D, x, from + i).mul(g0);
      DoubleVector sum = DoubleVector.fromArray(D, x, from + LENGTH + i).fma(g1, first);
      store(DoubleVector.fromArray(D, x, from + 2 * LENGTH + i).fma(g2, sum), y, to + i);
    }
  }

  private static DoubleVector load(float[] x, int at) {
    return (DoubleVector) FloatVector.fromArray(HALF, x, at).castShape(D, 0);
  }

  private static void store(DoubleVector x, float[] to, int at) {
    ((FloatVector) x.castShape(HALF, 0)).intoArray(to, at);
  }
}
