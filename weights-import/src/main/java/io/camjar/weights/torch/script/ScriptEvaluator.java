package io.camjar.weights.torch.script;

import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyNone;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.torch.script.ScriptValue.Method;
import io.camjar.weights.torch.script.ScriptValue.Module;
import io.camjar.weights.torch.script.ScriptValue.Qualified;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the forward of a script on a symbol instead of an image, as in evaluation.
 *
 * <p>Loops are not run, and no condition may depend on the input's size: a network that needs them
 * is one whose code is not understood. Steps and depth are bounded.
 */
final class ScriptEvaluator {
  private static final int MAX_STEPS = 200_000;
  private static final int MAX_CALLS = 64;

  private final Function<String, Optional<String>> sources;
  private final Predicate<Object> isTensor;
  private final Map<String, ScriptFile> files = new HashMap<>();
  private int steps;
  private int calls;

  /**
   * An evaluator.
   *
   * @param sources the code by its path below {@code code/}
   * @param isTensor whether an attribute's value is a tensor
   */
  ScriptEvaluator(Function<String, Optional<String>> sources, Predicate<Object> isTensor) {
    this.sources = sources;
    this.isTensor = isTensor;
  }

  /** Whether the module's class has a forward. */
  boolean hasForward(PyObject root) {
    return method(new Module(root, ""), "forward").isPresent();
  }

  /** What the module makes of an image of four dimensions. */
  ScriptNode forward(PyObject root) {
    ScriptNode input = new ScriptNode("input", 4, List.of(), Map.of());
    Object result = call(new Method(new Module(root, ""), "forward"), List.of(input), Map.of());
    if (result instanceof ScriptNode node) {
      return node.current();
    }
    throw new ScriptProblem("returns something that is not one tensor");
  }

  private Object call(Object callee, List<Object> arguments, Map<String, Object> named) {
    if (++calls > MAX_CALLS) {
      throw new ScriptProblem("calls itself without end");
    }
    Object result;
    if (callee instanceof Method method) {
      Statement.Function function =
          method(method.module(), method.name())
              .orElseThrow(() -> new ScriptProblem("has no method '" + method.name() + "'"));
      List<Object> all = new ArrayList<>(List.of(method.module()));
      all.addAll(arguments);
      result = run(function, all, named);
    } else if (callee instanceof Qualified qualified) {
      result = qualified(qualified, arguments, named);
    } else {
      throw new ScriptProblem("calls something that is not a function");
    }
    calls--;
    return result;
  }

  private Object qualified(Qualified name, List<Object> arguments, Map<String, Object> named) {
    if (!name.parts().get(0).equals("__torch__")) {
      return ScriptOperations.call(name.name(), arguments, named);
    }
    int last = name.parts().size() - 1;
    Statement.Function function =
        file(String.join(".", name.parts().subList(0, last)))
            .map(file -> file.functions().get(name.parts().get(last)))
            .orElseThrow(() -> new ScriptProblem("calls " + name.name()));
    return run(function, arguments, named);
  }

  private Object run(
      Statement.Function function, List<Object> arguments, Map<String, Object> named) {
    Map<String, Object> variables = new HashMap<>();
    for (int i = 0; i < function.parameters().size(); i++) {
      String parameter = function.parameters().get(i);
      Expression otherwise = function.defaults().get(i);
      if (i < arguments.size()) {
        variables.put(parameter, arguments.get(i));
      } else if (named.containsKey(parameter)) {
        variables.put(parameter, named.get(parameter));
      } else if (otherwise != null) {
        variables.put(parameter, value(otherwise, variables));
      } else {
        throw new ScriptProblem("calls '" + function.name() + "' without its '" + parameter + "'");
      }
    }
    Object result = run(function.body(), variables);
    return result == null ? ScriptValue.NONE : result;
  }

  /** The value that is returned, or null where a block ends without. */
  private @Nullable Object run(List<Statement> statements, Map<String, Object> variables) {
    for (Statement statement : statements) {
      if (++steps > MAX_STEPS) {
        throw new ScriptProblem("takes more than " + MAX_STEPS + " steps");
      }
      if (statement instanceof Statement.Return end) {
        return value(end.value(), variables);
      } else if (statement instanceof Statement.Assign assign) {
        assign(assign.targets(), value(assign.value(), variables), variables);
      } else if (statement instanceof Statement.If branch) {
        boolean holds = truth(value(branch.condition(), variables));
        Object result = run(holds ? branch.yes() : branch.no(), variables);
        if (result != null) {
          return result;
        }
      } else {
        throw new ScriptProblem("has a loop");
      }
    }
    return null;
  }

  private static void assign(List<String> targets, Object value, Map<String, Object> variables) {
    if (targets.size() < 2) {
      targets.forEach(target -> variables.put(target, value));
      return;
    }
    if (!(value instanceof List<?> items) || items.size() != targets.size()) {
      throw new ScriptProblem("takes apart something that is not a tuple");
    }
    for (int i = 0; i < targets.size(); i++) {
      variables.put(targets.get(i), items.get(i));
    }
  }

  private static boolean truth(Object value) {
    if (value instanceof Boolean known) {
      return known;
    }
    throw new ScriptProblem("decides by the input's size or values");
  }

  private Object value(Expression expression, Map<String, Object> variables) {
    if (expression instanceof Expression.Constant constant) {
      return constant.value();
    } else if (expression instanceof Expression.Name name) {
      Object known = variables.get(name.name());
      return known != null ? known : new Qualified(List.of(name.name()));
    } else if (expression instanceof Expression.Attribute attribute) {
      return attribute(value(attribute.of(), variables), attribute.name());
    } else if (expression instanceof Expression.Sequence sequence) {
      return values(sequence.items(), variables);
    } else if (expression instanceof Expression.Item item) {
      return item(value(item.of(), variables), value(item.index(), variables));
    } else if (expression instanceof Expression.Choice choice) {
      boolean holds = truth(value(choice.condition(), variables));
      return value(holds ? choice.yes() : choice.no(), variables);
    } else if (expression instanceof Expression.Negation negation) {
      return negated(negation.logical(), value(negation.of(), variables));
    }
    return call((Expression.Call) expression, variables);
  }

  private List<Object> values(List<Expression> expressions, Map<String, Object> variables) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(each -> values.add(value(each, variables)));
    return values;
  }

  private Object call(Expression.Call call, Map<String, Object> variables) {
    if (call.function() instanceof Expression.Name name && !variables.containsKey(name.name())) {
      List<Expression> arguments = call.arguments();
      switch (name.name()) {
        case "annotate", "unchecked_cast" -> {
          // The first argument is a type.
          return value(arguments.get(arguments.size() - 1), variables);
        }
        case "getattr" -> {
          Object attribute = value(arguments.get(1), variables);
          return attribute(value(arguments.get(0), variables), attribute.toString());
        }
        case "int", "float", "bool" -> {
          return value(arguments.get(0), variables);
        }
        default -> {
          // A function of another name, which is looked up below.
        }
      }
    }
    List<Object> arguments = values(call.arguments(), variables);
    Map<String, Object> named = new HashMap<>();
    call.named().forEach((name, argument) -> named.put(name, value(argument, variables)));
    return call(value(call.function(), variables), arguments, named);
  }

  private static Object negated(boolean logical, Object value) {
    if (logical) {
      return !truth(value);
    }
    if (value instanceof Long whole) {
      return -whole;
    }
    if (value instanceof Double real) {
      return -real;
    }
    return ScriptOperations.call("torch.neg", List.of(value), Map.of());
  }

  private static Object item(Object of, Object index) {
    if (of instanceof List<?> items && index instanceof Long at) {
      long place = at < 0 ? at + items.size() : at;
      if (place >= 0 && place < items.size()) {
        return items.get((int) place);
      }
    }
    throw new ScriptProblem("takes an item of something that is not a list");
  }

  private Object attribute(Object of, String name) {
    if (of instanceof Qualified qualified) {
      List<String> parts = new ArrayList<>(qualified.parts());
      parts.add(name);
      return new Qualified(List.copyOf(parts));
    }
    if (!(of instanceof Module module)) {
      throw new ScriptProblem("asks for '" + name + "' of something that is not a module");
    }
    if (name.equals("training")) {
      return false;
    }
    String path = module.path().isEmpty() ? name : module.path() + "." + name;
    Object value = module.object().attribute(name);
    if (value != null && isTensor.test(value)) {
      return new ScriptNode("tensor", 0, List.of(), Map.of("weight", path));
    }
    if (value instanceof PyObject child) {
      return new Module(child, path);
    }
    if (value == PyNone.NONE) {
      return ScriptValue.NONE;
    }
    if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
      return value;
    }
    if (method(module, name).isPresent()) {
      return new Method(module, name);
    }
    Expression constant = type(module).map(type -> type.constants().get(name)).orElse(null);
    if (constant != null) {
      return value(constant, Map.of());
    }
    throw new ScriptProblem("asks for '" + path + "', which is not in the archive");
  }

  private Optional<Statement.Function> method(Module module, String name) {
    return type(module).map(type -> type.methods().get(name));
  }

  private Optional<ScriptFile.Type> type(Module module) {
    return module.object().callable() instanceof PyGlobal type
        ? file(type.module()).map(file -> file.types().get(type.name()))
        : Optional.empty();
  }

  private Optional<ScriptFile> file(String module) {
    ScriptFile known = files.get(module);
    if (known == null) {
      Optional<String> source = sources.apply(module.replace('.', '/') + ".py");
      if (source.isEmpty()) {
        return Optional.empty();
      }
      known = ScriptParser.parse(source.get());
      files.put(module, known);
    }
    return Optional.of(known);
  }
}
