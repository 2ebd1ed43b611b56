package io.camjar.weights.onnx.graph;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Call;
import io.camjar.weights.onnx.graph.node.Names;
import io.camjar.weights.onnx.graph.node.Operators;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.onnx.graph.node.Translation;
import io.camjar.weights.onnx.graph.node.Translator;
import io.camjar.weights.onnx.graph.node.Value;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model with the branches of its {@code If} nodes in their places, as far as conditions are known
 * before an image is seen: constants, and what is computed from sides that no size of image or
 * batch changes. PyTorch's exporter writes an {@code If} where it squeezes a side that it does not
 * know, {@code LocalResponseNorm} for example.
 */
final class TakenBranches {
  private final Names paths = new Names(List.of(), Set.of(), false);
  private final GraphBuilder scratch = new GraphBuilder();
  private final Translation translation;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final List<TensorEntry> tensors;
  private final BranchNames names;

  private TakenBranches(OnnxModel model, List<Probe> probes) {
    this.translation = new Translation(model, probes, paths, scratch);
    this.tensors = new ArrayList<>(model.graph().initializers().entries());
    this.names = new BranchNames(model.graph());
  }

  /** Whether there is anything to choose. */
  static boolean has(OnnxModel model) {
    return model.graph().nodes().stream().anyMatch(OnnxNode::chooses);
  }

  /**
   * The model without the choices that are known.
   *
   * @param probes sizes of the input; what differs among them is not known
   * @throws Malformed if a node lacks one of its branches
   */
  static OnnxModel of(OnnxModel model, ImageInput input, List<Probe> probes) {
    TakenBranches taken = new TakenBranches(model, probes);
    input.declare(taken.scratch, taken.paths, taken.translation);
    OnnxGraph graph = model.graph();
    graph.nodes().forEach(taken::add);
    return new OnnxModel(
        model.irVersion(),
        model.producer(),
        model.producerVersion(),
        model.opsets(),
        model.metadata(),
        new OnnxGraph(
            graph.name(),
            List.copyOf(taken.nodes),
            StateDict.of(taken.tensors),
            graph.inputs(),
            graph.outputs()));
  }

  private void add(OnnxNode node) {
    if (node.chooses()) {
      branch(node, "then_branch");
      branch(node, "else_branch");
    }
    Optional<Double> condition =
        node.chooses() && !node.inputs().isEmpty()
            ? translation.number(node.inputs().get(0))
            : Optional.empty();
    if (condition.isPresent()) {
      take(node, branch(node, condition.get() != 0 ? "then_branch" : "else_branch"));
      return;
    }
    nodes.add(node);
    translate(node);
  }

  /** One of the graphs that a node chooses from, which has both. */
  private static OnnxGraph branch(OnnxNode node, String name) {
    boolean has = node.attributes().get(name) instanceof OnnxAttribute.Graph;
    OnnxGraph branch = has ? ((OnnxAttribute.Graph) node.attributes().get(name)).value() : null;
    if (branch == null || branch.outputs().size() != node.outputs().size()) {
      throw Malformed.damaged(
          "node '%s' has %d outputs, and its %s %s"
              .formatted(
                  node.label(),
                  node.outputs().size(),
                  name,
                  branch == null ? "is missing" : "has " + branch.outputs().size()));
    }
    if (!branch.inputs().isEmpty()) {
      throw Malformed.damaged(
          "the %s of node '%s' has inputs of its own".formatted(name, node.label()));
    }
    return branch;
  }

  private void take(OnnxNode node, OnnxGraph branch) {
    OnnxGraph renamed = names.inPlace(branch, node);
    for (TensorEntry tensor : renamed.initializers().entries()) {
      tensors.add(tensor);
      translation.define(tensor.name(), new Constant(tensor));
    }
    renamed.nodes().forEach(this::add);
  }

  /**
   * Finds out the shapes of a node's values, or the numbers of constants. Where that fails what is
   * behind the node is not known; if it is needed, the graph's writer says why.
   */
  private void translate(OnnxNode node) {
    boolean known =
        node.inputs().stream().allMatch(name -> name.isEmpty() || translation.value(name) != null);
    Optional<Translator> translator = Operators.of(node);
    if (!known || node.chooses()) {
      return;
    }
    try {
      if (translation.fold(node) || translator.isEmpty()) {
        return;
      }
      Call call =
          new Call(
              translation,
              new Attributes(node),
              translation.inputs(node),
              paths.unique(node.label()));
      List<Value> outputs = Operators.translate(translator.get(), call);
      for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
        translation.define(node.outputs().get(i), outputs.get(i));
      }
    } catch (CamjarException | ArithmeticException e) {
      // Its outputs stay unknown.
    }
  }
}
