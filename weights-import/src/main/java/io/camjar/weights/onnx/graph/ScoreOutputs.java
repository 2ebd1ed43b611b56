package io.camjar.weights.onnx.graph;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.onnx.graph.Results.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses among a model's outputs those that give scores.
 *
 * <p>It is the first that has one row of numbers an image, {@code [N, C]}, and with it all others
 * of as many classes: they may be exits, which {@link ExitLayers} finds out once the graph is
 * written down. Passed over are outputs that the image does not change, those called auxiliary, as
 * GoogLeNet's second classifiers are, and features from which another output's scores are computed.
 */
final class ScoreOutputs {
  /** More classifiers than any network has; each of them is looked at alone. */
  private static final int MOST_EXITS = 256;

  private static final Set<String> PASSING =
      Set.of("Identity", "Cast", "Flatten", "Reshape", "Squeeze", "Dropout");
  private static final Set<String> LAST = Set.of("Softmax", "LogSoftmax", "Sigmoid");
  private static final Set<String> WEIGHING = Set.of("Gemm", "MatMul", "Conv");

  private final List<OnnxNode> nodes;
  private final List<OnnxValue> outputs;
  private final Map<String, OnnxNode> origins = new HashMap<>();

  /** Of values that came through operations that change no number, the value before these. */
  private final Map<String, String> passed = new HashMap<>();

  /** Names of values that the image's pixels change. */
  private final Set<String> traced = new HashSet<>();

  private ScoreOutputs(OnnxGraph graph, String image) {
    Map<String, OnnxValue> distinct = new LinkedHashMap<>();
    graph.outputs().forEach(output -> distinct.putIfAbsent(output.name(), output));
    this.outputs = List.copyOf(distinct.values());
    this.nodes = graph.nodes();
    traced.add(image);
    for (OnnxNode node : nodes) {
      add(node);
    }
  }

  /** Takes a node in, behind those that it reads. Inputs and outputs without a name are omitted. */
  private void add(OnnxNode node) {
    boolean ofShape = node.operation().equals("Shape") || node.operation().equals("Size");
    boolean seesImage = !ofShape && node.reads().stream().anyMatch(traced::contains);
    for (String output : node.outputs()) {
      if (!output.isEmpty()) {
        origins.put(output, node);
        if (seesImage) {
          traced.add(output);
        }
      }
    }
    if (PASSING.contains(node.operation()) && !node.inputs().isEmpty()) {
      String input = node.inputs().get(0);
      String output = node.outputs().isEmpty() ? "" : node.outputs().get(0);
      if (!input.isEmpty() && !output.isEmpty()) {
        passed.put(output, passed(input));
      }
    }
  }

  /**
   * Chooses.
   *
   * @param image the name of the graph's input
   * @throws Malformed if the graph has no output
   */
  static Results of(OnnxGraph graph, String image) {
    if (graph.outputs().isEmpty()) {
      throw Malformed.damaged("its graph has no output");
    }
    return new ScoreOutputs(graph, image).results();
  }

  private Results results() {
    List<OnnxValue> rows = outputs.stream().filter(ScoreOutputs::isRow).toList();
    List<OnnxValue> seeing =
        rows.stream()
            .filter(row -> traced.contains(row.name()) && origins.containsKey(row.name()))
            .toList();
    if (seeing.isEmpty()) {
      return results(List.of(rows.isEmpty() ? outputs.get(0) : rows.get(0)), "");
    }
    List<OnnxValue> main = withoutAuxiliary(seeing);
    List<OnnxValue> scores = withoutFeatures(main);
    OnnxValue first = scores.get(0);
    List<OnnxValue> alike = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    for (OnnxValue row : scores) {
      if (mayHaveClassesOf(first, row) && sources.add(scores(row).source())) {
        alike.add(row);
      }
    }
    if (alike.size() > MOST_EXITS) {
      return results(List.of(first), "more than %d exits".formatted(MOST_EXITS));
    }
    if (meanings(alike) > 1) {
      return results(List.of(first), "some end in a softmax, others in a sigmoid");
    }
    int auxiliary = seeing.size() - main.size();
    boolean allOthers = auxiliary > 0 && outputs.size() == alike.size() + auxiliary;
    return results(alike, allOthers ? "auxiliary by their names" : "");
  }

  private Results results(List<OnnxValue> taken, String reason) {
    List<String> names = taken.stream().map(OnnxValue::name).toList();
    return new Results(
        taken.stream().map(output -> scores(output).scores()).toList(),
        outputs.stream().map(OnnxValue::name).filter(name -> !names.contains(name)).toList(),
        reason);
  }

  private static boolean isRow(OnnxValue output) {
    return output.shape().size() == 2;
  }

  /** How many kinds of activations end these outputs. */
  private long meanings(List<OnnxValue> rows) {
    return rows.stream()
        .flatMap(row -> scores(row).scores().activation().stream())
        .map(node -> node.operation().equals("Sigmoid"))
        .distinct()
        .count();
  }

  /**
   * The scores of an output.
   *
   * @param source the value that they are, whatever it passes through unchanged; it tells whether
   *     two outputs are one
   */
  private record Sourced(Scores scores, String source) {}

  private Sourced scores(OnnxValue output) {
    String name = passed(output.name());
    OnnxNode node = origins.get(name);
    boolean ends = node != null && LAST.contains(node.operation()) && !node.inputs().isEmpty();
    return ends
        ? new Sourced(
            new Scores(output.name(), node.inputs().get(0), Optional.of(node)),
            passed(node.inputs().get(0)))
        : new Sourced(new Scores(output.name(), output.name(), Optional.empty()), name);
  }

  /** The value before operations that change no number. */
  private String passed(String name) {
    return passed.getOrDefault(name, name);
  }

  /** Whether two outputs have as many classes, as far as the file says. */
  private static boolean mayHaveClassesOf(OnnxValue one, OnnxValue other) {
    String classes = one.shape().get(1);
    String others = other.shape().get(1);
    return classes.equals(others) || !isNumber(classes) || !isNumber(others);
  }

  private static boolean isNumber(String side) {
    return !side.isEmpty() && side.chars().allMatch(Character::isDigit);
  }

  /** Without those that their names or their nodes' modules call auxiliary, unless that is all. */
  private List<OnnxValue> withoutAuxiliary(List<OnnxValue> rows) {
    List<OnnxValue> others =
        rows.stream()
            .filter(
                row -> {
                  OnnxNode node = origins.get(scores(row).source());
                  return !isAuxiliary(row.name()) && !(node != null && isAuxiliary(node.name()));
                })
            .toList();
    return others.isEmpty() ? rows : others;
  }

  private static boolean isAuxiliary(String name) {
    for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
      if (word.startsWith("aux")) {
        return true;
      }
    }
    return false;
  }

  /** Without those from which weights compute another one's scores, of other classes. */
  private List<OnnxValue> withoutFeatures(List<OnnxValue> rows) {
    if (rows.size() > MOST_EXITS
        || rows.stream().allMatch(row -> mayHaveClassesOf(rows.get(0), row))) {
      return rows;
    }
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      places.put(rows.get(i).name(), i);
    }
    Map<OnnxNode, Behind> behind = behind(places);
    BitSet features = new BitSet();
    for (OnnxValue row : rows) {
      Behind before = behind.get(origins.get(row.name()));
      if (before != null) {
        before.weighed.stream()
            .filter(i -> !mayHaveClassesOf(rows.get(i), row))
            .forEach(features::set);
      }
    }
    return rows.stream().filter(row -> !features.get(places.get(row.name()))).toList();
  }

  /**
   * Which outputs a node's values are computed from.
   *
   * @param any the outputs' places
   * @param weighed those of them with weights between
   */
  private record Behind(BitSet any, BitSet weighed) {}

  /** Of each node that has an output behind it; one look at every node, so that it ends soon. */
  private Map<OnnxNode, Behind> behind(Map<String, Integer> places) {
    Map<OnnxNode, Behind> behind = new IdentityHashMap<>();
    for (OnnxNode node : nodes) {
      Behind here = new Behind(new BitSet(), new BitSet());
      for (String input : node.inputs()) {
        Behind before = behind.get(origins.get(input));
        if (before != null) {
          here.any.or(before.any);
          here.weighed.or(before.weighed);
        }
        Integer place = places.get(input);
        if (place != null) {
          here.any.set(place);
        }
      }
      if (WEIGHING.contains(node.operation())) {
        here.weighed.or(here.any);
      }
      if (!here.any.isEmpty()) {
        behind.put(node, here);
      }
    }
    return behind;
  }
}
