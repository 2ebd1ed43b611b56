package io.camjar.weights.onnx.graph;

import io.camjar.engine.model.InputSize;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Optional;

/**
 * A network that an ONNX model describes, as the engine runs it.
 *
 * @param architecture its graph and what its points are called
 * @param parameters its weights under the engine's names
 * @param activation the operation that ends the model and is left out
 * @param remarks what a reader should know of the translation, a sentence each
 */
public record OnnxNetwork(
    OnnxArchitecture architecture,
    StateDict parameters,
    Optional<Activation> activation,
    List<String> remarks) {
  private static final int OLDEST = 7;

  /** Sides of images that are tried where a model leaves its size open. */
  private static final int[] SIDES = {224, 256, 299, 384, 64, 32};

  /**
   * An operation that turns scores into probabilities.
   *
   * @param kind ONNX's name of it, such as {@code Softmax}
   * @param node the node's name
   */
  public record Activation(String kind, String node) {}

  public OnnxNetwork {
    remarks = List.copyOf(remarks);
  }

  /**
   * Translates a model.
   *
   * @throws Malformed if camjar cannot run it: names the node and its operation
   */
  public static OnnxNetwork of(OnnxModel model) {
    if (model.opset() < OLDEST) {
      throw new Malformed(
          "uses version %d of ONNX's operators, which camjar reads from version %d on"
              .formatted(model.opset(), OLDEST),
          "convert it with onnx.version_converter or export it again");
    }
    ImageInput input = ImageInput.of(model);
    Results results = ScoreOutputs.of(model.graph(), input.name());
    if (!results.several()) {
      return of(model, input, results);
    }
    try {
      OnnxNetwork network = of(model, input, results);
      return network.architecture().exits().isEmpty()
          ? of(model, input, results.first("not exits that an image passes one after another"))
          : network;
    } catch (Malformed e) {
      // A single output may do without what the others need.
      return of(model, input, results.first("with them the model " + e.getMessage()));
    }
  }

  private static OnnxNetwork of(OnnxModel model, ImageInput input, Results results) {
    NeededNodes nodes = NeededNodes.of(model.graph(), input.name(), results.logits());
    nodes.requireKnown();
    GraphWriter writer = written(new Draft(model, input, results, nodes));
    if (writer.weights().isEmpty()) {
      throw new Malformed(
          "computes its scores without weights, so there is nothing that it has learned",
          "export a trained classifier of images");
    }
    return new OnnxNetwork(
        writer.architecture(),
        StateDict.of(writer.weights()),
        results.activation().map(node -> new Activation(node.operation(), node.label())),
        results.remark().stream().toList());
  }

  /** What is known of a model before its graph is written down. */
  record Draft(OnnxModel model, ImageInput input, Results results, NeededNodes nodes) {}

  /**
   * Writes the graph for images of any size if that is possible, else for the size that the model
   * names or that it runs at.
   */
  private static GraphWriter written(Draft draft) {
    Malformed fault = null;
    int[] sides = draft.input().isSized() ? new int[] {0} : SIDES;
    for (int side : sides) {
      Probe first = draft.input().first(side);
      for (boolean free : new boolean[] {true, false}) {
        InputSize size =
            free
                ? new InputSize(first.height(), first.width(), false)
                : InputSize.only(first.height(), first.width());
        try {
          GraphWriter writer = GraphWriter.write(draft, Probe.around(first, free, free), size);
          if (free && writer.growsToSizes()) {
            // A factor that holds for maps of even sides need not hold for those halved with
            // rounding.
            GraphWriter.write(draft, Probe.around(first.odd(), true, true), size);
          }
          return writer;
        } catch (Malformed e) {
          fault = free ? fault : e;
        }
      }
    }
    throw fault == null ? new IllegalStateException("no size was tried") : fault;
  }
}
