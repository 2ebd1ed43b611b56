package io.camjar.engine.train.mix;

import io.camjar.engine.CamjarException;
import java.util.SplittableRandom;

/** Numbers between 0 and 1, distributed as {@code Beta(a, a)}. */
final class Beta {
  private Beta() {}

  static double draw(double a, SplittableRandom random) {
    if (a >= 1) {
      double x = gamma(a, random);
      return x / (x + gamma(a, random));
    }
    // A gamma variate below 1 is one of a + 1 times the power 1 / a of a uniform number.
    double g = gamma(a + 1, random);
    double u = random.nextDouble();
    double h = gamma(a + 1, random);
    double v = random.nextDouble();
    double x = g * StrictMath.pow(u, 1 / a);
    double y = h * StrictMath.pow(v, 1 / a);
    if (x + y > 0) {
      return x / (x + y);
    }
    // Both powers of a tiny a are below the least double; their ratio's logarithm is not.
    double ratio = StrictMath.log(h / g) + (StrictMath.log(v) - StrictMath.log(u)) / a;
    return 1 / (1 + StrictMath.exp(ratio));
  }

  static void require(double a) {
    if (!(a > 0 && a < Double.POSITIVE_INFINITY)) {
      throw new CamjarException(
          "the alpha of mixed images must be positive and finite, found " + a);
    }
  }

  /** Of a shape of 1 or more: Marsaglia and Tsang, ACM TOMS 26 (2000). */
  private static double gamma(double a, SplittableRandom random) {
    double d = a - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal(random);
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        double u = 1 - random.nextDouble();
        if (StrictMath.log(u) < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
          return d * v;
        }
      }
    }
  }

  private static double normal(SplittableRandom random) {
    while (true) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        return u * Math.sqrt(-2 * StrictMath.log(s) / s);
      }
    }
  }
}
