package io.camjar.engine.op;

/**
 * The error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to x, to
 * about 1e-15: Taylor polynomials around knots that are an eighth apart.
 *
 * <p>The polynomials follow from {@code f' = -2 t f} for {@code f = exp(-t^2)}: its coefficients
 * around a knot z obey {@code (k + 1) f[k + 1] = -2 (z f[k] + f[k - 1])}.
 */
final class Erf {
  private static final int PER_UNIT = 8;
  private static final int TERMS = 16;

  /** From here on the function is 1 in double precision. */
  private static final double ONE_FROM = 6;

  private static final double[][] POLYNOMIALS = polynomials();

  private Erf() {}

  static double of(double x) {
    double t = Math.abs(x);
    if (!(t < ONE_FROM)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    int knot = (int) Math.rint(t * PER_UNIT);
    double y = evaluate(POLYNOMIALS[knot], t - (double) knot / PER_UNIT);
    return x < 0 ? -y : y;
  }

  /** {@code 2 / sqrt(pi) exp(-x^2)}. */
  static double derivative(double x) {
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  }

  private static double evaluate(double[] polynomial, double h) {
    double y = 0;
    for (int k = polynomial.length - 1; k >= 0; k--) {
      y = y * h + polynomial[k];
    }
    return y;
  }

  private static double[][] polynomials() {
    double[][] all = new double[(int) (ONE_FROM * PER_UNIT) + 1][];
    double start = 0;
    for (int knot = 0; knot < all.length; knot++) {
      double z = (double) knot / PER_UNIT;
      double[] f = new double[TERMS];
      f[0] = derivative(z);
      for (int k = 0; k + 1 < TERMS; k++) {
        f[k + 1] = -2 * (z * f[k] + (k == 0 ? 0 : f[k - 1])) / (k + 1);
      }
      double[] integral = new double[TERMS + 1];
      for (int k = 0; k < TERMS; k++) {
        integral[k + 1] = f[k] / (k + 1);
      }
      if (knot > 0) {
        // The polynomial before and this one meet half-way.
        double half = 0.5 / PER_UNIT;
        start = evaluate(all[knot - 1], half) - evaluate(integral, -half);
      }
      integral[0] = start;
      all[knot] = integral;
    }
    return all;
  }
}
