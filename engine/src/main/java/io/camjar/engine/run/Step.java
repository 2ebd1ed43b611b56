package io.camjar.engine.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as a backend computes it, with what is folded into it: forward and backward.
 *
 * @param <T> the backend's tensors
 */
public interface Step<T> {

  /** The values it reads. */
  List<Integer> inputs();

  /** The layer whose parameters it learns; null if it has none. */
  default @Nullable String learns() {
    return null;
  }

  /** Whether negative results become 0. */
  default boolean relu() {
    return false;
  }

  /** Whether the derivative of its value jumps, as {@link io.camjar.engine.op.Op#hasKinks}. */
  default boolean hasKinks() {
    return relu();
  }

  /** Whether its value is {@code max(x, 0)} of its one input, and nothing more. */
  default boolean isPlainRelu() {
    return false;
  }

  /**
   * The values that its backward reads, besides the gradient.
   *
   * @param value its own
   * @param parameters whether the backward yields the gradients of its parameters
   */
  default List<Integer> backwardReads(int value, boolean parameters) {
    return List.of();
  }

  /**
   * Whether its backward keeps the sum of the gradient over each channel: all that came to a
   * channel of its value goes on to that channel of its one input, to whatever places.
   */
  default boolean keepsSums() {
    return false;
  }

  /** Computes its value. */
  T forward(Forward<T> pass, int value);

  /**
   * Hands the gradient of its value on to its inputs and parameters. Runs where one of these wants
   * it; owns {@code dy} only if it takes it by {@link Backward#own}.
   */
  void backward(Backward<T> pass, int value, T dy);
}
