package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of vectors, to about 1e-7 of their value; the JDK's are calls that empty all registers
 * where they are vectors at all.
 */
public final class VectorMath {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Beyond these, powers of two are no normal numbers. */
  private static final float LEAST = -87;

  private static final float MOST = 88;

  /** Adding it rounds to a whole number, which then is in the lowest bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int MANTISSA_BITS = 23;

  /** {@code ln(2)} in two parts, the first of few bits, so that its multiples are exact. */
  private static final float LN2 = 0.693359375f;

  private static final float LN2_REST = -2.12194440e-4f;

  /** Not where it is used: the compiler calls the logarithm again for each vector. */
  private static final float LOG2_E = (float) (1 / Math.log(2));

  private VectorMath() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  /**
   * {@code max(x, floor)} as Java has it, for a floor that is not -0, in two instructions of seven.
   */
  static FloatVector atLeast(FloatVector x, FloatVector floor) {
    return x.blend(floor, x.compare(VectorOperators.LE, floor));
  }

  /** {@code min(x, ceiling)}, of zeros either. */
  static FloatVector atMost(FloatVector x, FloatVector ceiling) {
    return x.blend(ceiling, x.compare(VectorOperators.GE, ceiling));
  }

  /**
   * {@code exp(x)}: {@code 2^n exp(r)} with {@code |r| <= ln(2) / 2} and the exponential's series
   * to the seventh power; at the limits for what overflows and for what is no normal number.
   */
  public static FloatVector exp(FloatVector x) {
    // Comparisons: a maximum takes care of zeros and of what is no number, in seven instructions.
    FloatVector v = x.blend(LEAST, x.compare(VectorOperators.LT, LEAST));
    v = v.blend(MOST, v.compare(VectorOperators.GT, MOST));
    FloatVector rounded = v.fma(all(LOG2_E), all(ROUNDER));
    FloatVector n = rounded.sub(all(ROUNDER));
    FloatVector r = n.fma(all(-LN2), v);
    r = n.fma(all(-LN2_REST), r);
    FloatVector p = r.fma(all(1f / 5040), all(1f / 720));
    p = p.fma(r, all(1f / 120));
    p = p.fma(r, all(1f / 24));
    p = p.fma(r, all(1f / 6));
    p = p.fma(r, all(0.5f));
    p = p.fma(r, all(1));
    p = p.fma(r, all(1));
    FloatVector power =
        rounded
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
            .add(Float.floatToRawIntBits(1))
            .reinterpretAsFloats();
    return p.mul(power);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  static FloatVector sigmoid(FloatVector x) {
    return all(1).div(exp(x.neg()).add(1));
  }

  /**
   * The normal distribution function, {@code (1 + erf(x / sqrt(2))) / 2}; the error function is
   * Eigen's quotient of polynomials, which is 1 in single precision from 4 on.
   */
  static FloatVector normal(FloatVector x) {
    FloatVector t = atMost(atLeast(x.mul(all((float) Math.sqrt(0.5))), all(-4)), all(4));
    FloatVector q = t.mul(t);
    FloatVector p = q.fma(all(-2.72614225801306e-10f), all(2.77068142495902e-08f));
    p = p.fma(q, all(-2.10102402082508e-06f));
    p = p.fma(q, all(-5.69250639462346e-05f));
    p = p.fma(q, all(-7.34990630326855e-04f));
    p = p.fma(q, all(-2.95459980854025e-03f));
    p = p.fma(q, all(-1.60960333262415e-02f));
    FloatVector d = q.fma(all(-1.45660718464996e-05f), all(-2.13374055278905e-04f));
    d = d.fma(q, all(-1.68282697438203e-03f));
    d = d.fma(q, all(-7.37332916720468e-03f));
    d = d.fma(q, all(-1.42647390514189e-02f));
    return t.mul(p).div(d).mul(0.5f).add(0.5f);
  }
}
