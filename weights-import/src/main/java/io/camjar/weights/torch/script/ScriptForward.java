package io.camjar.weights.torch.script;

import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PyObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the forward of a TorchScript archive computes, or why that is not understood. */
public final class ScriptForward {
  private static final String REMEDY = "save the state_dict if the network is an ordinary ResNet";
  private static final Set<String> ACTIVATIONS = Set.of("softmax", "log_softmax", "sigmoid");

  private final @Nullable ScriptNode result;
  private final String problem;
  private final String activation;

  private ScriptForward(@Nullable ScriptNode result, String problem) {
    this.problem = problem;
    boolean ends = result != null && ACTIVATIONS.contains(result.operation());
    this.activation = ends ? result.operation() : "";
    this.result = ends ? result.inputs().get(0) : result;
  }

  /**
   * Evaluates the code symbolically; empty for an archive without a forward, as libtorch's C++ and
   * Java API write.
   *
   * @param root the archive's module
   * @param sources the code by its path below {@code code/}
   * @param isTensor whether an attribute's value is a tensor
   */
  public static Optional<ScriptForward> of(
      PyObject root, Function<String, Optional<String>> sources, Predicate<Object> isTensor) {
    ScriptEvaluator evaluator = new ScriptEvaluator(sources, isTensor);
    try {
      return evaluator.hasForward(root)
          ? Optional.of(new ScriptForward(evaluator.forward(root), ""))
          : Optional.empty();
    } catch (ScriptProblem e) {
      return Optional.of(new ScriptForward(null, String.valueOf(e.getMessage())));
    } catch (IndexOutOfBoundsException | ClassCastException e) {
      return Optional.of(new ScriptForward(null, "calls an operation with too few arguments"));
    }
  }

  /** The activation that ends it: {@code softmax}, {@code log_softmax}, {@code sigmoid} or none. */
  public String activation() {
    return activation;
  }

  /** The eps of each batch norm, by its module's path. */
  public Map<String, Double> eps() {
    Map<String, Double> found = new TreeMap<>();
    Set<ScriptNode> seen = new HashSet<>();
    Deque<ScriptNode> queue = new ArrayDeque<>();
    if (result != null) {
      queue.add(result);
    }
    while (!queue.isEmpty()) {
      ScriptNode node = queue.remove();
      if (node.operation().equals("batch norm") && node.values().get("eps") instanceof Double eps) {
        String mean = String.valueOf(node.values().get("running_mean"));
        found.put(mean.substring(0, Math.max(0, mean.lastIndexOf('.'))), eps);
      }
      node.inputs().stream().filter(seen::add).forEach(queue::add);
    }
    return found;
  }

  /**
   * Why this is not what camjar computes for a specification; empty if it is.
   *
   * @param canonical the engine's names of the tensors by the file's
   */
  public Optional<Malformed> difference(ResNetSpec spec, Map<String, String> canonical) {
    if (result == null) {
      return Optional.of(
          new Malformed(
              "is a TorchScript archive whose code camjar does not follow: it " + problem, REMEDY));
    }
    Map<ScriptNode, ScriptNode> compared = new IdentityHashMap<>();
    Deque<ScriptNode[]> queue = new ArrayDeque<>();
    queue.add(new ScriptNode[] {result, ExpectedGraph.of(spec, canonical)});
    while (!queue.isEmpty()) {
      ScriptNode[] pair = queue.removeLast();
      ScriptNode found = plain(pair[0]);
      ScriptNode before = compared.put(pair[1], found);
      if (before == found) {
        continue;
      }
      if (before != null || !same(found, pair[1], canonical)) {
        return Optional.of(
            new Malformed(
                "is a TorchScript archive whose code computes "
                    + found.differing(pair[1])
                    + " where a ResNet of these names has "
                    + pair[1].differing(found),
                REMEDY));
      }
      enqueue(found, pair[1], canonical, queue);
    }
    return Optional.empty();
  }

  /** Sums may be written either way round. */
  private static void enqueue(
      ScriptNode found,
      ScriptNode expected,
      Map<String, String> canonical,
      Deque<ScriptNode[]> queue) {
    List<ScriptNode> inputs = found.inputs();
    boolean swapped =
        found.operation().equals("sum")
            && !same(plain(inputs.get(0)), expected.inputs().get(0), canonical);
    for (int i = 0; i < inputs.size(); i++) {
      ScriptNode input = inputs.get(swapped ? inputs.size() - 1 - i : i);
      queue.add(new ScriptNode[] {input, expected.inputs().get(i)});
    }
  }

  /** Flattening what is pooled changes no number. */
  private static ScriptNode plain(ScriptNode node) {
    ScriptNode plain = node;
    while (plain.operation().equals("flatten") && plain.inputs().get(0).isPooled()) {
      plain = plain.inputs().get(0);
    }
    return plain;
  }

  private static boolean same(
      ScriptNode found, ScriptNode expected, Map<String, String> canonical) {
    if (!found.operation().equals(expected.operation())
        || found.inputs().size() != expected.inputs().size()) {
      return false;
    }
    Map<String, Object> values = new TreeMap<>(found.values());
    values.remove("eps"); // is followed
    for (Map.Entry<String, Object> value : values.entrySet()) {
      if (value.getValue() instanceof String name) {
        value.setValue(name.equals("same") ? "same" : canonical.getOrDefault(name, name));
      }
    }
    if (found.operation().equals("batch norm")) {
      // Without weight and bias of its own, it has one and zero.
      expected.values().forEach(values::putIfAbsent);
    }
    if ("same".equals(values.get("padding")) && List.of(1L, 1L).equals(values.get("stride"))) {
      values.put("padding", expected.values().get("padding"));
    }
    return values.equals(expected.values());
  }
}
