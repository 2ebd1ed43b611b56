package io.camjar.engine.gpu.math;

import io.camjar.engine.op.Clip;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Tanh;
import org.jspecify.annotations.Nullable;

/**
 * A function of each number by itself.
 *
 * @param kind which
 * @param a the lower limit, slope, or first coefficient of those that have some
 * @param b the upper limit or second coefficient
 */
public record Function(Kind kind, float a, float b) {
  /** The identity. */
  public static final Function NONE = new Function(Kind.NONE, 0, 0);

  /** {@code max(x, 0)}. */
  public static final Function RELU = new Function(Kind.RELU, 0, 0);

  /** The functions, in the order of their numbers in {@code kernels/activation.cl}. */
  public enum Kind {
    NONE,
    RELU,
    CLIP,
    LEAKY_RELU,
    SIGMOID,
    SILU,
    HARDSIGMOID,
    HARDSWISH,
    GELU,
    GELU_TANH,
    TANH
  }

  private Function(Kind kind) {
    this(kind, 0, 0);
  }

  /** The function that an operation is; null if it is none of these. */
  public static @Nullable Function of(Op op) {
    if (op instanceof Clip clip) {
      return new Function(Kind.CLIP, (float) clip.min(), (float) clip.max());
    } else if (op instanceof LeakyReLU leaky) {
      return new Function(Kind.LEAKY_RELU, (float) leaky.slope(), 0);
    } else if (op instanceof Hardsigmoid hard) {
      return new Function(Kind.HARDSIGMOID, (float) hard.alpha(), (float) hard.beta());
    } else if (op instanceof GELU gelu) {
      return new Function(gelu.tanh() ? Kind.GELU_TANH : Kind.GELU);
    } else if (op instanceof ReLU) {
      return RELU;
    } else if (op instanceof SiLU) {
      return new Function(Kind.SILU);
    } else if (op instanceof Hardswish) {
      return new Function(Kind.HARDSWISH);
    } else if (op instanceof Sigmoid) {
      return new Function(Kind.SIGMOID);
    } else if (op instanceof Tanh) {
      return new Function(Kind.TANH);
    }
    return null;
  }

  /** Its number in the kernels' text. */
  int number() {
    return kind.ordinal();
  }
}
