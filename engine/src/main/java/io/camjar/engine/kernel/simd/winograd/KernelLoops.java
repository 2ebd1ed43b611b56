package io.camjar.engine.kernel.simd.winograd;

/** {@link KernelRows} number by number: fast enough before it is compiled. */
record KernelLoops() implements KernelRows {

  @Override
  public boolean squares() {
    return false;
  }

  @Override
  public void scale(float[] x, int from, double factor, double[] y, int to) {
    for (int i = 0; i < LENGTH; i++) {
      y[to + i] = x[from + i] * factor;
    }
  }

  @Override
  public void scale(double[] x, int from, double factor, float[] y, int to) {
    for (int i = 0; i < LENGTH; i++) {
      y[to + i] = (float) (x[from + i] * factor);
    }
  }

  @Override
  public void sum(float[] x, int from, double[] g, double[] y, int to) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    for (int i = 0; i < LENGTH; i++) {
      double sum = Math.fma(x[from + 3 * LENGTH + i], g1, x[from + i] * g0);
      y[to + i] = Math.fma(x[from + 6 * LENGTH + i], g2, sum);
    }
  }

  @Override
  public void sum(double[] x, int from, double[] g, float[] y, int to) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    for (int i = 0; i < LENGTH; i++) {
      double sum = Math.fma(x[from + LENGTH + i], g1, x[from + i] * g0);
      y[to + i] = (float) Math.fma(x[from + 2 * LENGTH + i], g2, sum);
    }
  }
}
