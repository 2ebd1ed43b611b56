package io.camjar.engine.gpu.math;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sum still gets before it is stored: in this order a bias, another value, a ReLU's mask and
 * a function.
 *
 * @param bias one a channel, or null
 * @param added a value of the result's shape, which may be the result itself, or null
 * @param mask where this is not positive the result is zero, or null
 * @param function the last
 */
public record Ending(
    @Nullable Tensor bias, @Nullable Tensor added, @Nullable Tensor mask, Function function) {
  /** Nothing. */
  public static final Ending NOTHING = new Ending(null, null, null, Function.NONE);

  private static final int BIAS = 1;
  private static final int ADDED = 2;
  private static final int MASK = 4;
  private static final int FUNCTION = 8;

  int flags() {
    return (bias == null ? 0 : BIAS)
        + (added == null ? 0 : ADDED)
        + (mask == null ? 0 : MASK)
        + FUNCTION * function.number();
  }

  /** Bias, added value and mask; what there is none of is never read and may be anything. */
  List<Object> tensors(Tensor anything) {
    List<Object> all = new ArrayList<>();
    for (Tensor tensor : new Tensor[] {bias, added, mask}) {
      all.add((tensor == null ? anything : tensor).memory());
    }
    return all;
  }

  /** Flags and coefficients. */
  List<Object> numbers() {
    return List.of(flags(), function.a(), function.b());
  }
}
