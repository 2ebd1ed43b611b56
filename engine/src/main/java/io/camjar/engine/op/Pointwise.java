package io.camjar.engine.op;

import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function without attributes.
 *
 * @param function which
 */
public record Pointwise(Function function) implements Elementwise {

  /** Functions with their derivatives. */
  public enum Function {
    /** The absolute value; its derivative at 0 is 0. */
    ABS("Abs", Math::abs, Math::signum),
    /** The exponential function. */
    EXP("Exp", Math::exp, Math::exp),
    /** The natural logarithm. */
    LOG("Log", Math::log, x -> 1 / x),
    /** The number with the other sign. */
    NEG("Neg", x -> -x, x -> -1),
    /** The square root. */
    SQRT("Sqrt", Math::sqrt, x -> 0.5 / Math.sqrt(x)),
    /** The error function. */
    ERF("Erf", Erf::of, Erf::derivative),
    /** {@code log(1 + exp(x))}. */
    SOFTPLUS("Softplus", Pointwise::softplus, Sigmoid::of),
    /** {@code x tanh(softplus(x))} (Misra, arXiv 1908.08681). */
    MISH("Mish", x -> x * Math.tanh(softplus(x)), Pointwise::mishDerivative),
    /** {@code x / (1 + |x|)}. */
    SOFTSIGN(
        "Softsign", x -> x / (1 + Math.abs(x)), x -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)))),
    /** One divided by the number. */
    RECIPROCAL("Reciprocal", x -> 1 / x, x -> -1 / (x * x)),
    /** The sine. */
    SIN("Sin", Math::sin, Math::cos),
    /** The cosine. */
    COS("Cos", Math::cos, x -> -Math.sin(x)),
    /** -1, 0 or 1, as the number is; no gradient passes, nor of those below. */
    SIGN("Sign", Math::signum),
    /** The next integer that is not larger. */
    FLOOR("Floor", Math::floor),
    /** The next integer that is not smaller. */
    CEIL("Ceil", Math::ceil),
    /** The nearest integer, of two the even one. */
    ROUND("Round", Math::rint),
    /** 1 of 0, and 0 of every other number. */
    NOT("Not", x -> x == 0 ? 1 : 0);

    private final String kind;
    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator derivative;
    private final boolean passesGradient;

    Function(String kind, DoubleUnaryOperator value, DoubleUnaryOperator derivative) {
      this.kind = kind;
      this.value = value;
      this.derivative = derivative;
      this.passesGradient = true;
    }

    /** A function that jumps between values and is constant elsewhere. */
    Function(String kind, DoubleUnaryOperator value) {
      this.kind = kind;
      this.value = value;
      this.derivative = x -> 0;
      this.passesGradient = false;
    }
  }

  @Override
  public String kind() {
    return function.kind;
  }

  /** What jumps is one too: {@code x Sign(x)} is the absolute value written out. */
  @Override
  public boolean hasKinks() {
    return function == Function.ABS || !function.passesGradient;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return function.passesGradient
        ? Elementwise.super.backwardReads(training, parameters)
        : Set.of();
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    if (function.passesGradient) {
      Elementwise.super.backward(frame, dy);
    } else {
      frame.zeroGradient(0, dy.dataType());
    }
  }

  @Override
  public double value(double x) {
    return function.value.applyAsDouble(x);
  }

  @Override
  public double derivative(double x) {
    return function.derivative.applyAsDouble(x);
  }

  /** Neither overflows where x is large nor vanishes where it is very negative. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double mishDerivative(double x) {
    double t = Math.tanh(softplus(x));
    return t + x * (1 - t * t) * Sigmoid.of(x);
  }
}
