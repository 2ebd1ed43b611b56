package io.camjar.engine.train.mix;

import io.camjar.engine.CamjarException;
import java.util.SplittableRandom;

/** Numbers between 0 and 1, distributed as {@code Beta(a, a)}. */
final class Beta {
  private Beta() {}

  static double draw(double a, SplittableRandom random) {
    double x = gamma(a, random);
    double y = gamma(a, random);
    return x + y == 0 ? 0.5 : x / (x + y);
  }

  static void require(double a) {
    if (!(a > 0)) {
      throw new CamjarException("the alpha of mixed images must be positive, found " + a);
    }
  }

  /** Marsaglia and Tsang, ACM TOMS 26 (2000); below 1 by the power of a uniform number. */
  private static double gamma(double a, SplittableRandom random) {
    if (a < 1) {
      return gamma(a + 1, random) * StrictMath.pow(random.nextDouble(), 1 / a);
    }
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
