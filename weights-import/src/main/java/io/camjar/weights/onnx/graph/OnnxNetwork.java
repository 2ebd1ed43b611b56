package io.camjar.weights.onnx.graph;

import io.camjar.engine.model.InputSize;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.tensor.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

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

  /**
   * Sides of images that are tried where a model leaves its size open. Blocks of 3 and 6 places
   * divide one of them, and blocks of 5.
   */
  private static final int[] SIDES = {224, 256, 299, 384, 320, 64, 32};

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
    return whole(model, input, Attempt.all(model, input));
  }

  /**
   * Translates a model for images of one size.
   *
   * @throws Malformed if it takes none of that
   */
  static OnnxNetwork of(OnnxModel model, ImageInput input, Probe size) {
    return whole(model, input, List.of(new Attempt(size, false)));
  }

  private static OnnxNetwork whole(OnnxModel model, ImageInput input, List<Attempt> attempts) {
    OnnxNetwork network = withBranches(model, input, attempts);
    return network.architecture.inputSize().fixed() && !input.isSized()
        ? new OnnxNetwork(
            network.architecture.withOtherSizes(new OtherSizes(model, input, network)),
            network.parameters,
            network.activation,
            network.remarks)
        : network;
  }

  private static OnnxNetwork withBranches(
      OnnxModel model, ImageInput input, List<Attempt> attempts) {
    if (!TakenBranches.has(model)) {
      return of(model, input, attempts);
    }
    // A branch that is taken at one size need not be at another.
    return first(
        attempts, one -> of(TakenBranches.of(model, input, one.probes()), input, List.of(one)));
  }

  private static OnnxNetwork of(OnnxModel model, ImageInput input, List<Attempt> attempts) {
    Results results = ScoreOutputs.of(model.graph(), input.name());
    if (!results.several()) {
      return of(model, input, results, attempts);
    }
    try {
      OnnxNetwork network = of(model, input, results, attempts);
      String why = "not exits that an image passes one after another";
      return network.architecture().exits().isEmpty()
          ? of(model, input, results.first(why), attempts)
          : network;
    } catch (Malformed e) {
      // A single output may do without what the others need.
      return of(model, input, results.first("with them the model " + e.getMessage()), attempts);
    }
  }

  private static OnnxNetwork of(
      OnnxModel model, ImageInput input, Results results, List<Attempt> attempts) {
    NeededNodes nodes = NeededNodes.of(model.graph(), input.name(), results.logits());
    nodes.requireKnown();
    Draft draft = new Draft(model, input, results, nodes);
    GraphWriter writer = first(attempts, one -> written(draft, one));
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
   * A size of the input that a graph is written for, which is any size if that is possible, else
   * the one that the model names or that it runs at.
   *
   * @param size with which it is tried
   * @param free whether shapes are to hold at other sizes too
   */
  private record Attempt(Probe size, boolean free) {

    static List<Attempt> all(OnnxModel model, ImageInput input) {
      boolean one = input.isSized() && model.isForOneSize();
      List<Attempt> all = new ArrayList<>();
      for (int side : input.isSized() ? new int[] {0} : SIDES) {
        Probe size = input.first(side);
        if (!one) {
          all.add(new Attempt(size, true));
        }
        all.add(new Attempt(size, false));
      }
      if (!input.isSized()) {
        EmbeddedSizes.of(model.graph(), input).forEach(size -> all.add(new Attempt(size, false)));
      }
      return all;
    }

    List<Probe> probes() {
      return Probe.around(size, free, free);
    }

    InputSize inputSize() {
      return free
          ? new InputSize(size.height(), size.width(), false)
          : InputSize.only(size.height(), size.width());
    }
  }

  /** What the first attempt gives that the model allows. */
  private static <T> T first(List<Attempt> attempts, Function<Attempt, T> way) {
    Malformed fault = null;
    for (Attempt attempt : attempts) {
      try {
        return way.apply(attempt);
      } catch (Malformed e) {
        // That another size is impossible says less than why this one is.
        fault = fault == null || !attempt.free() ? e : fault;
      }
    }
    throw fault == null ? new IllegalStateException("no size was tried") : fault;
  }

  private static GraphWriter written(Draft draft, Attempt attempt) {
    List<Probe> probes = attempt.probes();
    if (!attempt.free()) {
      return GraphWriter.write(draft, probes, attempt.inputSize());
    }
    List<Probe> nearby = attempt.size().nearby();
    try {
      return GraphWriter.write(draft, joined(probes, nearby), attempt.inputSize());
    } catch (Malformed e) {
      return writtenForSome(draft, attempt, nearby);
    }
  }

  /**
   * A graph for those sizes nearby that the model takes at all. Where it takes one by itself but
   * not together with the others, something in it is another at each size, such as the padding that
   * keeps a size: then no graph is right for all.
   */
  private static GraphWriter writtenForSome(Draft draft, Attempt attempt, List<Probe> nearby) {
    List<Probe> probes = attempt.probes();
    GraphWriter writer = GraphWriter.write(draft, probes, attempt.inputSize());
    for (Probe size : nearby) {
      List<Probe> more = joined(probes, List.of(size));
      try {
        writer = GraphWriter.write(draft, more, attempt.inputSize());
        probes = more;
      } catch (Malformed e) {
        if (takes(draft, size)) {
          throw e;
        }
      }
    }
    return writer;
  }

  private static boolean takes(Draft draft, Probe size) {
    Attempt alone = new Attempt(size, false);
    try {
      GraphWriter.write(draft, alone.probes(), alone.inputSize());
      return true;
    } catch (Malformed e) {
      return false;
    }
  }

  private static List<Probe> joined(List<Probe> some, List<Probe> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
