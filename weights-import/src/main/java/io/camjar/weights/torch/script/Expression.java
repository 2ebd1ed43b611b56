package io.camjar.weights.torch.script;

import java.util.List;
import java.util.Map;

/** An expression of TorchScript's code. */
sealed interface Expression {
  /** A number, text, truth value, or None as {@link ScriptValue#NONE}. */
  record Constant(Object value) implements Expression {}

  /** A variable, or the beginning of a qualified name. */
  record Name(String name) implements Expression {}

  /** {@code of.name}. */
  record Attribute(Expression of, String name) implements Expression {}

  /** {@code of[index]}. */
  record Item(Expression of, Expression index) implements Expression {}

  /** {@code function(arguments, name=value)}. */
  record Call(Expression function, List<Expression> arguments, Map<String, Expression> named)
      implements Expression {}

  /** A list or tuple. */
  record Sequence(List<Expression> items) implements Expression {}

  /** {@code yes if condition else no}. */
  record Choice(Expression condition, Expression yes, Expression no) implements Expression {}

  /** {@code -of} or {@code not of}. */
  record Negation(boolean logical, Expression of) implements Expression {}
}
