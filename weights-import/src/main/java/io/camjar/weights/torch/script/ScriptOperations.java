package io.camjar.weights.torch.script;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** PyTorch's operations as they stand in TorchScript's code, on symbols. */
final class ScriptOperations {
  private final String name;
  private final List<Object> arguments;
  private final Map<String, Object> named;

  private ScriptOperations(String name, List<Object> arguments, Map<String, Object> named) {
    this.name = name;
    this.arguments = arguments;
    this.named = named;
  }

  static Object call(String name, List<Object> arguments, Map<String, Object> named) {
    if (name.equals("ops.prim.NumToTensor")) {
      return arguments.get(0);
    }
    if (!name.startsWith("torch.")) {
      throw new ScriptProblem(
          name.equals("ops.prim.RaiseException")
              ? "refuses its input: " + arguments
              : "calls " + name);
    }
    String operation = name.substring("torch.".length());
    boolean inPlace = operation.endsWith("_") && !operation.endsWith("__");
    String plain = inPlace ? operation.substring(0, operation.length() - 1) : operation;
    ScriptOperations call = new ScriptOperations(plain, arguments, named);
    Object result = call.result();
    if (inPlace
        && arguments.get(0) instanceof ScriptNode target
        && result instanceof ScriptNode node
        && target.current() != node) {
      target.current().overwrite(node);
    }
    return result;
  }

  private Object result() {
    return switch (name) {
      case "conv2d" ->
          convolution(argument(3, "stride"), argument(4, "padding"), argument(5, "dilation"), 6);
      case "_convolution" -> {
        require(argument(6, "transposed").equals(false), "a transposed convolution");
        yield convolution(
            argument(3, "stride"), argument(4, "padding"), argument(5, "dilation"), 8);
      }
      case "_convolution_mode" ->
          convolution(argument(3, "stride"), argument(4, "padding"), argument(5, "dilation"), 6);
      case "batch_norm" -> norm();
      case "relu" -> node("relu", tensor(0).rank(), Map.of(), tensor(0));
      case "add" -> sum();
      case "max_pool2d" -> maxPool();
      case "avg_pool2d" -> averagePool();
      case "adaptive_avg_pool2d" -> global("global average");
      case "adaptive_max_pool2d" -> List.of(global("global maximum"), ScriptValue.UNKNOWN);
      case "mean" -> mean();
      case "cat" -> concatenation();
      case "flatten" -> {
        require(isNumber(argument(1, "start_dim", 0L), 1, 1 - tensor(0).rank()), "a flatten");
        require(isNumber(argument(2, "end_dim", -1L), -1, tensor(0).rank() - 1), "a flatten");
        yield flatten();
      }
      case "view", "reshape" -> {
        require(argument(1, "size") instanceof List<?> size && size.size() == 2, "a view");
        yield flatten();
      }
      case "squeeze" -> {
        require(tensor(0).isPooled(), "a squeeze");
        yield node("flatten", Math.max(2, tensor(0).rank() - 1), Map.of(), tensor(0));
      }
      case "linear" -> linear(tensor(0), tensor(1), argument(2, "bias"));
      case "t" -> node("transposed", 2, Map.of(), tensor(0));
      case "addmm" -> {
        require(tensor(2).operation().equals("transposed"), "a matrix product");
        yield linear(tensor(1), tensor(2).inputs().get(0), arguments.get(0));
      }
      case "dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout" -> {
        require(argument(2, "train").equals(false), "a dropout of training");
        yield tensor(0);
      }
      case "contiguous", "clone", "detach", "alias" -> tensor(0);
      case "softmax", "log_softmax", "sigmoid" -> activation();
      case "pad" ->
          throw new ScriptProblem(
              "pads by " + argument(1, "pad") + " in the mode " + argument(2, "mode", "constant"));
      default -> ScriptNumbers.call(name, arguments);
    };
  }

  private ScriptNode convolution(Object stride, Object padding, Object dilation, int groups) {
    Map<String, Object> values = new TreeMap<>();
    values.put("weight", parameter(1));
    bias(argument(2, "bias"), values);
    values.put("stride", pair(stride));
    values.put("padding", padding instanceof String ? padding : pair(padding));
    values.put("dilation", pair(dilation));
    values.put("groups", argument(groups, "groups", 1L));
    return node("convolution", 4, values, tensor(0));
  }

  private ScriptNode norm() {
    require(argument(5, "training").equals(false), "a batch norm of training");
    Map<String, Object> values = new TreeMap<>();
    String[] names = {"weight", "bias", "running_mean", "running_var"};
    for (int i = 0; i < names.length; i++) {
      boolean none = i < 2 && arguments.get(i + 1) == ScriptValue.NONE; // affine=False
      if (!none) {
        values.put(names[i], parameter(i + 1));
      }
    }
    values.put("eps", argument(7, "eps"));
    return node("batch norm", tensor(0).rank(), values, tensor(0));
  }

  private Object sum() {
    if (!(arguments.get(0) instanceof ScriptNode)) {
      return ScriptNumbers.call(name, arguments);
    }
    require(isNumber(argument(2, "alpha", 1L), 1), "a weighted sum");
    return node("sum", tensor(0).rank(), Map.of(), tensor(0), tensor(1));
  }

  private ScriptNode maxPool() {
    Map<String, Object> values = new TreeMap<>();
    window(values);
    values.put("dilation", pair(argument(4, "dilation", List.of(1L, 1L))));
    values.put("ceil_mode", argument(5, "ceil_mode", false));
    return node("max pool", 4, values, tensor(0));
  }

  private ScriptNode averagePool() {
    Map<String, Object> values = new TreeMap<>();
    window(values);
    values.put("ceil_mode", argument(4, "ceil_mode", false));
    Object divisor = argument(6, "divisor_override", ScriptValue.NONE);
    require(divisor == ScriptValue.NONE, "an average pool of another divisor");
    return node("average pool", 4, values, tensor(0));
  }

  private void window(Map<String, Object> values) {
    Object kernel = argument(1, "kernel_size");
    Object stride = argument(2, "stride", List.of());
    values.put("kernel_size", pair(kernel));
    values.put("stride", pair(stride.equals(List.of()) ? kernel : stride));
    values.put("padding", pair(argument(3, "padding", List.of(0L, 0L))));
  }

  private ScriptNode global(String operation) {
    Object size = argument(1, "output_size");
    require(pair(size).equals(List.of(1L, 1L)), operation + " pool of " + size + " cells");
    return node(operation, 4, Map.of(), tensor(0));
  }

  private ScriptNode mean() {
    List<Object> dimensions = new ArrayList<>();
    if (argument(1, "dim") instanceof List<?> list) {
      for (Object dimension : list) {
        dimensions.add(dimension instanceof Long d && d < 0 ? d + tensor(0).rank() : dimension);
      }
    }
    boolean space = dimensions.size() == 2 && dimensions.containsAll(List.of(2L, 3L));
    require(space && tensor(0).rank() == 4, "a mean over the dimensions " + dimensions);
    boolean kept = argument(2, "keepdim", false).equals(true);
    return node("global average", kept ? 4 : 2, Map.of(), tensor(0));
  }

  private ScriptNode concatenation() {
    require(
        isNumber(argument(1, "dim", 0L), 1)
            && arguments.get(0) instanceof List<?> parts
            && parts.stream().allMatch(ScriptNode.class::isInstance),
        "a concatenation");
    List<ScriptNode> inputs = new ArrayList<>();
    ((List<?>) arguments.get(0)).forEach(part -> inputs.add(((ScriptNode) part).current()));
    int rank = inputs.isEmpty() ? 0 : inputs.get(0).rank();
    return new ScriptNode("concatenation", rank, inputs, Map.of());
  }

  private ScriptNode flatten() {
    return tensor(0).rank() == 2 ? tensor(0) : node("flatten", 2, Map.of(), tensor(0));
  }

  private ScriptNode linear(ScriptNode x, ScriptNode weight, Object bias) {
    Map<String, Object> values = new TreeMap<>();
    require(weight.operation().equals("tensor"), "a product of two results");
    values.put("weight", weight.values().get("weight"));
    bias(bias, values);
    return node("linear layer", x.rank(), values, x);
  }

  private ScriptNode activation() {
    if (!name.equals("sigmoid")) {
      Object dim = argument(1, "dim");
      require(isNumber(dim, 1, -1), "a " + name + " over dimension " + dim);
    }
    return node(name, tensor(0).rank(), Map.of(), tensor(0));
  }

  private void bias(Object bias, Map<String, Object> values) {
    if (bias instanceof ScriptNode node) {
      require(node.operation().equals("tensor"), "a bias that is computed");
      values.put("bias", node.values().get("weight"));
    }
  }

  private Object parameter(int index) {
    Object value = arguments.get(index);
    if (value instanceof ScriptNode node && node.operation().equals("tensor")) {
      return node.values().get("weight");
    }
    throw new ScriptProblem(
        "calls torch." + name + " with " + value + " where a parameter is expected");
  }

  private ScriptNode tensor(int index) {
    if (index < arguments.size() && arguments.get(index) instanceof ScriptNode node) {
      return node.current();
    }
    throw new ScriptProblem("calls torch." + name + " on something that is not a tensor");
  }

  private Object argument(int index, String called) {
    return argument(index, called, ScriptValue.NONE);
  }

  private Object argument(int index, String called, Object otherwise) {
    return index < arguments.size() ? arguments.get(index) : named.getOrDefault(called, otherwise);
  }

  /** {@code 2} and {@code [2]} as {@code [2, 2]}. */
  private static Object pair(Object value) {
    if (value instanceof Long) {
      return List.of(value, value);
    }
    return value instanceof List<?> list && list.size() == 1
        ? Collections.nCopies(2, (Object) list.get(0))
        : value;
  }

  private static boolean isNumber(Object value, long... any) {
    for (long number : any) {
      if (value.equals(number)) {
        return true;
      }
    }
    return false;
  }

  private static ScriptNode node(
      String operation, int rank, Map<String, Object> values, ScriptNode... inputs) {
    return new ScriptNode(operation, rank, List.of(inputs), values);
  }

  private static void require(boolean fits, String what) {
    if (!fits) {
      throw new ScriptProblem("computes " + what);
    }
  }
}
