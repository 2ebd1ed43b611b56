package io.camjar.weights.torch.script;

import io.camjar.weights.torch.script.Expression.Attribute;
import io.camjar.weights.torch.script.Expression.Call;
import io.camjar.weights.torch.script.Expression.Choice;
import io.camjar.weights.torch.script.Expression.Constant;
import io.camjar.weights.torch.script.Expression.Item;
import io.camjar.weights.torch.script.Expression.Name;
import io.camjar.weights.torch.script.Expression.Negation;
import io.camjar.weights.torch.script.Expression.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses a file of TorchScript's code: the part of Python that PyTorch writes. */
final class ScriptParser {
  private static final int MAX_DEPTH = 200;

  private final Tokens tokens;
  private int depth;

  private ScriptParser(String source) {
    this.tokens = new Tokens(source);
  }

  /** A file's functions, and its classes with their methods and constants, by name. */
  static ScriptFile parse(String source) {
    return new ScriptParser(source).file();
  }

  private ScriptFile file() {
    Map<String, Statement.Function> functions = new LinkedHashMap<>();
    Map<String, ScriptFile.Type> types = new LinkedHashMap<>();
    while (!tokens.peek().equals(Tokens.END)) {
      if (tokens.take("def")) {
        Statement.Function function = function();
        functions.put(function.name(), function);
      } else if (tokens.take("class")) {
        String name = tokens.next();
        tokens.skipLine();
        types.put(name, type());
      } else {
        tokens.skipLine();
      }
    }
    return new ScriptFile(functions, types);
  }

  private ScriptFile.Type type() {
    Map<String, Statement.Function> methods = new LinkedHashMap<>();
    Map<String, Expression> constants = new LinkedHashMap<>();
    if (tokens.take(Tokens.INDENT)) {
      while (!tokens.take(Tokens.DEDENT) && !tokens.peek().equals(Tokens.END)) {
        if (tokens.take("def")) {
          Statement.Function method = function();
          methods.put(method.name(), method);
        } else {
          constant(constants);
        }
      }
    }
    return new ScriptFile.Type(methods, constants);
  }

  /** {@code stride : Final[Tuple[int, int]] = (2, 2)}; other lines declare only. */
  private void constant(Map<String, Expression> constants) {
    String name = tokens.next();
    if (tokens.take(":")) {
      skipType();
      if (tokens.take("=")) {
        constants.put(name, expressions());
      }
    }
    tokens.skipLine();
  }

  private Statement.Function function() {
    String name = tokens.next();
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expression> defaults = new ArrayList<>();
    tokens.expect("(");
    while (!tokens.take(")")) {
      if (tokens.peek().equals(Tokens.END)) {
        throw new ScriptProblem("ends within a function's parameters");
      }
      if (tokens.take("*")) {
        tokens.take(",");
        continue;
      }
      parameters.add(tokens.next());
      if (tokens.take(":")) {
        skipType();
      }
      defaults.add(tokens.take("=") ? expression() : null);
      tokens.take(",");
    }
    if (tokens.take("->")) {
      skipType();
    }
    return new Statement.Function(name, parameters, defaults, block());
  }

  /** A type, up to what can follow one. */
  private void skipType() {
    int brackets = 0;
    while (!tokens.peek().equals(Tokens.END)) {
      String word = tokens.peek();
      if (brackets == 0 && List.of(",", ")", "=", ":", Tokens.NEWLINE).contains(word)) {
        return;
      }
      brackets += "([".contains(word) ? 1 : ")]".contains(word) ? -1 : 0;
      tokens.next();
    }
  }

  private List<Statement> block() {
    tokens.expect(":");
    tokens.expect(Tokens.NEWLINE);
    tokens.expect(Tokens.INDENT);
    List<Statement> statements = new ArrayList<>();
    enter();
    while (!tokens.take(Tokens.DEDENT) && !tokens.peek().equals(Tokens.END)) {
      statement(statements);
    }
    depth--;
    return statements;
  }

  private void statement(List<Statement> into) {
    switch (tokens.peek()) {
      case "pass" -> tokens.skipLine();
      case "return" -> {
        tokens.next();
        boolean nothing = tokens.peek().equals(Tokens.NEWLINE);
        into.add(new Statement.Return(nothing ? new Constant(ScriptValue.NONE) : expressions()));
        tokens.expect(Tokens.NEWLINE);
      }
      case "if" -> {
        tokens.next();
        Expression condition = expression();
        List<Statement> yes = block();
        List<Statement> no = tokens.take("else") ? block() : List.of();
        into.add(new Statement.If(condition, yes, no));
      }
      case "for", "while" -> {
        String kind = tokens.next();
        while (!tokens.peek().equals(":") && !tokens.peek().equals(Tokens.END)) {
          tokens.next();
        }
        block();
        into.add(new Statement.Loop(kind));
      }
      default -> assignment(into);
    }
  }

  private void assignment(List<Statement> into) {
    Expression left = expressions();
    if (tokens.take(":")) {
      skipType();
    }
    if (!tokens.take("=")) {
      into.add(new Statement.Assign(List.of(), left));
    } else {
      List<String> targets = new ArrayList<>();
      List<Expression> names = left instanceof Sequence sequence ? sequence.items() : List.of(left);
      for (Expression name : names) {
        targets.add(name instanceof Name plain ? plain.name() : "");
      }
      boolean plain = targets.stream().noneMatch(String::isEmpty);
      if (!plain) {
        throw new ScriptProblem("assigns to something that is not a variable");
      }
      into.add(new Statement.Assign(targets, expressions()));
    }
    tokens.expect(Tokens.NEWLINE);
  }

  /** {@code a}, or {@code a, b} as a tuple. */
  private Expression expressions() {
    Expression first = expression();
    if (!tokens.peek().equals(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.take(",")) {
      if (!tokens.peek().equals("=") && !tokens.peek().equals(Tokens.NEWLINE)) {
        items.add(expression());
      }
    }
    return new Sequence(items);
  }

  private Expression expression() {
    enter();
    Expression value = unary();
    if (tokens.take("if")) {
      Expression condition = expression();
      tokens.expect("else");
      value = new Choice(condition, value, expression());
    }
    depth--;
    return value;
  }

  private Expression unary() {
    if (tokens.take("-")) {
      enter();
      Expression of = unary();
      depth--;
      return new Negation(false, of);
    }
    if (tokens.take("not")) {
      enter();
      Expression of = unary();
      depth--;
      return new Negation(true, of);
    }
    return trailers(atom());
  }

  private Expression trailers(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.take(".")) {
        value = new Attribute(value, tokens.next());
      } else if (tokens.take("(")) {
        value = call(value);
      } else if (tokens.take("[")) {
        value = new Item(value, sequence("]", true));
      } else {
        return value;
      }
    }
  }

  private Call call(Expression function) {
    List<Expression> arguments = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.take(")")) {
      Expression argument = expression();
      if (tokens.take("=") && argument instanceof Name name) {
        named.put(name.name(), expression());
      } else {
        arguments.add(argument);
      }
      if (!tokens.take(",") && !tokens.peek().equals(")")) {
        throw new ScriptProblem("has '" + tokens.peek() + "' among a call's arguments");
      }
    }
    return new Call(function, arguments, named);
  }

  private Expression atom() {
    String word = tokens.next();
    if (word.equals("(") || word.equals("[")) {
      return sequence(word.equals("(") ? ")" : "]", word.equals("("));
    }
    if (word.startsWith("\"") || word.startsWith("'")) {
      return new Constant(word.substring(1, word.length() - 1));
    }
    if (!word.isEmpty() && (Character.isDigit(word.charAt(0)) || word.charAt(0) == '.')) {
      return number(word);
    }
    if (word.isEmpty() || !Character.isJavaIdentifierStart(word.charAt(0))) {
      throw new ScriptProblem("has '" + word.strip() + "' where a value belongs");
    }
    return switch (word) {
      case "True" -> new Constant(true);
      case "False" -> new Constant(false);
      case "None" -> new Constant(ScriptValue.NONE);
      default -> new Name(word);
    };
  }

  private static Constant number(String word) {
    try {
      return word.matches("\\d+")
          ? new Constant(Long.valueOf(word))
          : new Constant(Double.valueOf(word));
    } catch (NumberFormatException e) {
      throw new ScriptProblem("has the number " + word);
    }
  }

  /** What brackets hold; one value in round ones is itself. */
  private Expression sequence(String end, boolean single) {
    List<Expression> items = new ArrayList<>();
    boolean comma = false;
    while (!tokens.take(end)) {
      items.add(expression());
      comma = tokens.take(",");
      if (!comma && !tokens.peek().equals(end)) {
        throw new ScriptProblem("has '" + tokens.peek().strip() + "' within brackets");
      }
    }
    return single && items.size() == 1 && !comma ? items.get(0) : new Sequence(items);
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw new ScriptProblem("is nested without end");
    }
  }
}
