package io.camjar.weights.torch.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of TorchScript's code. */
sealed interface Statement {
  /** {@code a, b = value}, or only the value where nothing is assigned. */
  record Assign(List<String> targets, Expression value) implements Statement {}

  /** {@code if}. */
  record If(Expression condition, List<Statement> yes, List<Statement> no) implements Statement {}

  /** {@code return}. */
  record Return(Expression value) implements Statement {}

  /** A loop, which is never run. */
  record Loop(String kind) implements Statement {}

  /**
   * A function or method.
   *
   * @param parameters names in order
   * @param defaults a default for each parameter, null where it has none
   */
  record Function(
      String name,
      List<String> parameters,
      List<@Nullable Expression> defaults,
      List<Statement> body)
      implements Statement {}
}
