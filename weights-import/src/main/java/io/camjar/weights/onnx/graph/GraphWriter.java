package io.camjar.weights.onnx.graph;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Trace;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.graph.OnnxNetwork.Draft;
import io.camjar.weights.onnx.graph.node.Call;
import io.camjar.weights.onnx.graph.node.Names;
import io.camjar.weights.onnx.graph.node.Operators;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.onnx.graph.node.Translation;
import io.camjar.weights.onnx.graph.node.Translator;
import io.camjar.weights.onnx.graph.node.Value;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a model's nodes down as a graph of the engine, for some sizes of the input at once. */
final class GraphWriter {
  /** Of models that camjar wrote. */
  private static final String PRODUCER = "camjar";

  private final Draft draft;
  private final InputSize size;
  private final Names names;
  private final GraphBuilder graph = new GraphBuilder();
  private final Translation translation;
  private final List<OnnxNode> traced;
  private final Map<OnnxNode, Integer> places = new IdentityHashMap<>();

  /** The first value that goes into each traced node. */
  private final Map<Integer, Integer> entries = new HashMap<>();

  /** The value that comes out of each. */
  private final Map<Integer, Integer> results = new HashMap<>();

  private int image;
  private @Nullable OnnxArchitecture architecture;

  private GraphWriter(Draft draft, List<Probe> probes, InputSize size) {
    this.draft = draft;
    this.size = size;
    this.traced = draft.nodes().tracedInOrder();
    Set<String> outputs = new LinkedHashSet<>(draft.results().logits());
    this.names = new Names(traced, outputs, draft.model().producer().equals(PRODUCER));
    this.translation = new Translation(draft.model(), probes, names, graph);
    for (int i = 0; i < traced.size(); i++) {
      places.put(traced.get(i), i);
    }
  }

  /**
   * Writes a graph.
   *
   * @throws Malformed if a node cannot be run at one of the probes
   */
  static GraphWriter write(Draft draft, List<Probe> probes, InputSize size) {
    GraphWriter writer = new GraphWriter(draft, probes, size);
    try {
      writer.write();
    } catch (Malformed e) {
      throw e;
    } catch (CamjarException | ArithmeticException e) {
      throw new Malformed(
          "does not fit together: " + e.getMessage(),
          "check that ONNX Runtime runs it, and export it again",
          e);
    }
    return writer;
  }

  OnnxArchitecture architecture() {
    if (architecture == null) {
      throw new IllegalStateException("the graph is not written yet");
    }
    return architecture;
  }

  Collection<TensorEntry> weights() {
    Map<String, TensorEntry> weights = new LinkedHashMap<>(translation.weights());
    weights.keySet().retainAll(architecture().graph().parameterShapes().keySet());
    return weights.values();
  }

  private void write() {
    names.unique(Points.INPUT);
    image = draft.input().declare(graph, names, translation);
    for (OnnxNode node : draft.nodes().all()) {
      if (!translation.fold(node)) {
        translate(node);
      }
    }
    finish();
  }

  private void translate(OnnxNode node) {
    int place = places.get(node);
    String path = names.path(place);
    Attributes attributes = new Attributes(node);
    List<@Nullable Value> inputs = translation.inputs(node);
    Call call = new Call(translation, attributes, inputs, path);
    Translator translator =
        Operators.of(node)
            .orElseThrow(() -> new IllegalStateException("no translator of " + node.type()));
    List<Value> outputs = Operators.translate(translator, call);
    for (Value input : inputs) {
      if (input instanceof Traced first) {
        entries.putIfAbsent(place, first.number());
      }
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      if (i < outputs.size()) {
        translation.define(node.outputs().get(i), outputs.get(i));
        name(node, path, node.outputs().get(i), outputs.get(i));
      }
    }
    if (outputs.get(0) instanceof Traced first) {
      results.put(place, first.number());
    }
    for (Names.Module module : names.ending(place)) {
      Integer in = entries.get(module.first());
      Integer out = results.get(module.last());
      if (in != null && out != null && out != image) {
        translation.module(module.path(), in, out);
      }
    }
  }

  /** Remembers the names that the file has for a value. */
  private void name(OnnxNode node, String path, String output, Value value) {
    if (value instanceof Traced traced) {
      translation
          .path(traced)
          .ifPresent(
              known -> {
                names.alias(known, path);
                names.alias(known, node.name());
                names.alias(known, output);
              });
    }
  }

  private void finish() {
    List<Traced> logits = draft.results().logits().stream().map(this::row).toList();
    Traced last = logits.get(logits.size() - 1);
    if (logits.size() > 1) {
      for (int exit = 0; exit < logits.size(); exit++) {
        graph.output(exit(exit), logits.get(exit).number());
      }
    }
    graph.output(Trace.LOGITS, last.number());
    Graph built = graph.build().needed();
    Shape given =
        Shape.of(
            1,
            draft.input().channels(),
            translation.probes().get(0).height(),
            translation.probes().get(0).width());
    SpatialPoints points = new SpatialPoints(built, given);
    Optional<ExitLayers> exits = exits(built, points, logits);
    Map<String, List<String>> aliases = names.aliases();
    aliases
        .keySet()
        .retainAll(built.layers().stream().map(Layer::path).collect(Collectors.toSet()));
    architecture =
        new OnnxArchitecture(
            name(),
            draft.input().channels(),
            last.shape().at(1),
            built,
            exits.map(ExitLayers::blocks).orElseGet(points::last),
            names.children(),
            aliases,
            points.patches(),
            points.rows(),
            size,
            draft.results().outputs(),
            exits.map(ExitLayers::paths).map(GraphWriter::exits).orElse(List.of()),
            exits.map(ExitLayers::heads).orElse(Set.of()),
            Optional.empty());
  }

  /** The name of an exit's result. */
  private static String exit(int number) {
    return "exit." + (number + 1);
  }

  private static List<Exit> exits(List<String> layers) {
    return IntStream.range(0, layers.size())
        .mapToObj(exit -> new Exit(exit + 1, exit(exit), layers.get(exit)))
        .toList();
  }

  /** The exits' layers, if the scores are those of exits. */
  private static Optional<ExitLayers> exits(
      Graph graph, SpatialPoints points, List<Traced> logits) {
    long classes = logits.get(0).shape().side(1);
    return logits.size() > 1 && logits.stream().allMatch(row -> row.shape().side(1) == classes)
        ? ExitLayers.of(
            graph,
            points,
            IntStream.range(0, logits.size()).mapToObj(i -> graph.outputs().get(exit(i))).toList())
        : Optional.empty();
  }

  /** The scores that a name of the model stands for: one row an image. */
  private Traced row(String name) {
    Value found = translation.value(name);
    if (!(found instanceof Traced scores)) {
      throw new Malformed(
          "has scores that do not depend on the image", "export a classifier of images");
    }
    Traced logits = scores;
    if (scores.rank() > 2 && isRow(scores.shape())) {
      logits = translation.emit(names.unique("flatten"), new Flatten(), scores);
    }
    if (logits.rank() != 2) {
      throw new Malformed(
          "gives a tensor of shape %s, not one row of scores an image".formatted(scores.shape()),
          "export a classifier of images");
    }
    requireFreeBatch(logits);
    return logits;
  }

  /**
   * Whether each image has one row of scores among sides of 1: {@code [N, C, 1, 1]} for example.
   */
  private static boolean isRow(Shape shape) {
    long longest = 1;
    for (int d = 1; d < shape.rank(); d++) {
      longest = Math.max(longest, shape.side(d));
    }
    return shape.length() == shape.side(0) * longest;
  }

  private void requireFreeBatch(Traced logits) {
    for (int probe = 0; probe < translation.probes().size(); probe++) {
      Shape shape = logits.shapes().get(probe);
      boolean fits =
          shape.side(0) == translation.probes().get(probe).batch()
              && shape.side(1) == logits.shape().side(1);
      if (!fits) {
        throw new Malformed(
            "gives scores of shape %s for %s".formatted(shape, translation.probes().get(probe)),
            "export it with a dynamic batch");
      }
    }
  }

  private String name() {
    String name = draft.model().graph().name();
    boolean telling =
        !name.isBlank()
            && !Set.of("torch_jit", "torch-jit-export", "main_graph", "tf2onnx").contains(name);
    return telling ? name : "onnx";
  }
}
