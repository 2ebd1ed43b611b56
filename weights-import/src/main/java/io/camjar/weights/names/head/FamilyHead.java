package io.camjar.weights.names.head;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Param;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.module.HeadOps;
import io.camjar.weights.names.part.NaturalOrder;
import io.camjar.weights.names.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The layers that stand in the place of a family's classifier. Whole modules say what they are. Of
 * names alone the layers that the published classifier begins with are taken as published if their
 * tensors are there; behind them a ResNet's rule holds, that of {@link HeadLayers}.
 *
 * @param layers by full path in the network
 * @param assumptions what names and shapes leave open and was assumed
 */
public record FamilyHead(Map<String, Op> layers, List<String> assumptions) {
  private static final int MAX_LAYERS = 64;

  /**
   * The layers of a file.
   *
   * @param member the network with its published classifier
   * @param module the path of that
   * @param parts modules with tensors in its place, by their paths in the network
   * @throws Malformed if names and shapes do not tell them
   */
  public static FamilyHead ofNames(Architecture member, String module, List<Part> parts) {
    return new Names(member, module, parts).read();
  }

  /**
   * The layers of a file that holds whole modules.
   *
   * @param tensors modules with tensors in the classifier's place, by their paths in the file
   * @param modules all modules by their paths in the file
   * @param top the classifier's path in the file
   * @param canonical from a path in the file to one in the network
   * @throws Malformed if one of them is none that camjar computes
   */
  public static FamilyHead ofModules(
      Map<String, Part> tensors,
      Map<String, SavedModule> modules,
      String top,
      UnaryOperator<String> canonical) {
    Map<String, SavedModule> leaves = new LinkedHashMap<>();
    leaves(top, modules, leaves);
    Map<String, Op> layers = new LinkedHashMap<>();
    String last = leaves.keySet().stream().reduce("", (before, path) -> path);
    leaves.forEach(
        (path, leaf) -> {
          Part part = tensors.get(path);
          boolean ends = path.equals(last) && FinalActivation.isLast(modules, path);
          if (!ends) {
            Op op =
                HeadOps.of(leaf, part == null ? Map.of() : part.tensors())
                    .orElseThrow(() -> HeadOps.refusal(path, leaf));
            layers.put(canonical.apply(path), op);
          }
        });
    return new FamilyHead(layers, List.of());
  }

  /** The modules that compute, in the order in which {@code Sequential}s call them. */
  private static void leaves(
      String path, Map<String, SavedModule> modules, Map<String, SavedModule> leaves) {
    SavedModule module = modules.get(path);
    if (module == null) {
      return;
    }
    boolean row = module.isSequential();
    if (module.isLeaf() && !row) {
      leaves.put(path, module);
    } else if (!row) {
      throw new Malformed(
          "has a classifier of class %s at '%s', and a file has no code of a class"
              .formatted(module.type(), path),
          "build it of torch.nn.Sequential, or export the network to ONNX");
    }
    if (leaves.size() > MAX_LAYERS) {
      throw new Malformed(
          "has more than %d layers in its classifier '%s'".formatted(MAX_LAYERS, path),
          "export the network to ONNX");
    }
    module.children().forEach(child -> leaves(path + "." + child, modules, leaves));
  }

  /** What names and shapes tell. */
  private static final class Names {
    private final String module;
    private final Map<String, Part> parts = new TreeMap<>(NaturalOrder.COMPARATOR);

    /** The published classifier. */
    private final Map<String, Op> published = new LinkedHashMap<>();

    Names(Architecture member, String module, List<Part> parts) {
      this.module = module;
      parts.forEach(part -> this.parts.put(part.path(), part));
      Graph graph = member.graph();
      for (Layer layer : graph.layers()) {
        if (layer.node() && Part.isWithin(layer.path(), module)) {
          published.put(layer.path(), graph.nodes().get(layer.value()).op());
        }
      }
    }

    FamilyHead read() {
      List<Part> all = List.copyOf(parts.values());
      if (all.isEmpty()) {
        throw new Malformed("has no classifier", "save the network with its classifier");
      }
      int kept = kept();
      List<Op> start = new ArrayList<>();
      Map<String, Op> layers = new LinkedHashMap<>();
      published.forEach(
          (path, op) -> {
            if (start.size() < kept) {
              start.add(op);
              layers.put(path, op);
            }
          });
      List<Part> learned = all.stream().filter(part -> !layers.containsKey(part.path())).toList();
      for (Part part : learned) {
        if (part.kind() != Part.Kind.LINEAR && part.kind() != Part.Kind.NORM) {
          throw HeadFinder.named(part).orElseGet(() -> untold(part));
        }
      }
      requirePooled(learned.get(0));
      checkFirst(learned.get(0), start);
      if (learned.size() == 1 && !isNumbered(learned.get(0).path())) {
        layers.put(learned.get(0).path(), HeadLayers.layer(learned.get(0)));
        return new FamilyHead(layers, List.of());
      }
      return row(learned, start, layers);
    }

    /** A row of numbered layers, the last of which may be such a row itself. */
    private FamilyHead row(List<Part> learned, List<Op> start, Map<String, Op> layers) {
      String last = learned.get(learned.size() - 1).parent();
      String before =
          learned.stream().map(Part::parent).filter(p -> !p.equals(last)).findFirst().orElse(last);
      boolean follow =
          learned.stream()
              .allMatch(
                  p ->
                      isNumbered(p.path())
                          && List.of(last, before).contains(p.parent())
                          && (p.parent().equals(last) || before.equals(module)));
      if (!follow || !reaches(last)) {
        throw several(learned);
      }
      int offset = offset(last);
      Map<Integer, Op> row = new TreeMap<>();
      for (Part part : learned) {
        int number = part.number() + (part.parent().equals(last) ? offset : 0);
        if (row.put(number, HeadLayers.layer(part)) != null) {
          throw several(learned);
        }
      }
      List<Op> first = new ArrayList<>(start);
      if (readsMaps() && start.isEmpty()) {
        if (row.containsKey(0)) {
          throw new Malformed(
              "has the linear layer %s at the place of a Flatten".formatted(learned.get(0).title()),
              "save the network whole, with torch.save(model)");
        }
        first.add(new Flatten());
      }
      int next = row.keySet().iterator().next();
      if (last.equals(module)) {
        checkBehind(start, next);
      }
      int gap = next - first.size();
      List<String> assumptions = new ArrayList<>();
      if (gap > 0) {
        assumptions.add(
            (gap == 1 ? "a dropout" : gap + " dropouts") + " before " + learned.get(0).title());
      }
      HeadLayers filled = HeadLayers.guessed(number -> path(number, last), row, first);
      assumptions.addAll(filled.assumptions());
      for (int i = start.size(); i < filled.layers().size(); i++) {
        layers.put(path(i, last), filled.layers().get(i));
      }
      return new FamilyHead(layers, assumptions);
    }

    /** Refuses more layers behind the last one that was kept than may stand between any two. */
    private void checkBehind(List<Op> start, int next) {
      for (int i = start.size() - 1; i >= 0; i--) {
        if (!start.get(i).parameters().isEmpty()) {
          int gap = next - i - 1;
          if (gap > HeadLayers.MAX_BETWEEN) {
            throw HeadLayers.untold(gap, path(i, module), path(next, module));
          }
          return;
        }
      }
    }

    /** Whether a row within the classifier is reached by numbers alone: {@code classifier.6}. */
    private boolean reaches(String row) {
      return row.equals(module)
          || (row.startsWith(module + ".") && isNumbered(row) && Part.parent(row).equals(module));
    }

    /** How many layers come before those of a row within the classifier. */
    private int offset(String row) {
      return row.equals(module) ? 0 : Integer.parseInt(row.substring(module.length() + 1));
    }

    private String path(int number, String last) {
      int offset = offset(last);
      return number < offset || last.equals(module)
          ? module + "." + number
          : last + "." + (number - offset);
    }

    /** How many of the published layers come first: up to one whose tensors are others. */
    private int kept() {
      int at = 0;
      int count = 0;
      List<String> matched = new ArrayList<>();
      for (Entry<String, Op> layer : published.entrySet()) {
        List<Param> tensors = layer.getValue().parameters();
        if (!tensors.isEmpty()) {
          count = at;
          // The file's last layer scores classes, and no activation follows it.
          if (matched.size() + 1 == parts.size() || !isSame(layer.getKey(), tensors)) {
            break;
          }
          matched.add(layer.getKey());
        }
        at++;
      }
      List<String> first = published.keySet().stream().limit(count).toList();
      boolean numbered = published.keySet().stream().allMatch(this::isNumbered);
      boolean others =
          parts.keySet().stream().anyMatch(p -> first.contains(p) && !matched.contains(p));
      return numbered && !others ? count : 0;
    }

    private boolean isSame(String path, List<Param> tensors) {
      Part part = parts.get(path);
      return part != null
          && part.tensors().size() == tensors.size()
          && tensors.stream()
              .allMatch(
                  one ->
                      part.tensors().containsKey(one.name())
                          && Arrays.equals(
                              part.tensors().get(one.name()).shape(), one.shape().toArray()));
    }

    private boolean isNumbered(String path) {
      return path.substring(path.lastIndexOf('.') + 1).matches("\\d{1,2}");
    }

    private boolean readsMaps() {
      return published.values().stream()
          .filter(op -> !op.parameters().isEmpty())
          .findFirst()
          .filter(op -> op instanceof LayerNorm2d || op instanceof Conv2d)
          .isPresent();
    }

    /** Behind maps of many places, as SqueezeNet's, a pool leaves no trace in names. */
    private void requirePooled(Part first) {
      if (published.values().stream().anyMatch(Conv2d.class::isInstance)) {
        throw new Malformed(
            "has the classifier %s behind maps, and names do not tell how they are pooled"
                .formatted(first.title()),
            "save the network whole, with torch.save(model)");
      }
    }

    private void checkFirst(Part first, List<Op> start) {
      long expected = 0;
      for (Op op : published.values()) {
        if (expected == 0 && !op.parameters().isEmpty()) {
          expected =
              op instanceof LayerNorm2d norm
                  ? norm.features()
                  : op instanceof Conv2d conv ? conv.geometry().inChannels() : HeadLayers.in(op);
        }
      }
      for (Op op : start) {
        expected = op instanceof Linear linear ? linear.out() : expected;
      }
      long in = first.kind() == Part.Kind.LINEAR ? first.in() : first.out();
      if (in != expected) {
        throw new Malformed(
            "has the classifier %s of %d inputs, where its body leaves %d"
                .formatted(first.title(), in, expected),
            "use a network whose classifier follows the published body");
      }
    }

    private static Malformed untold(Part part) {
      return new Malformed(
          "has the layer %s in its classifier, of tensors that do not tell what it computes: %s"
              .formatted(part.title(), String.join(", ", part.tensors().keySet())),
          "save the network whole, with torch.save(model)");
    }

    private static Malformed several(List<Part> learned) {
      return new Malformed(
          "holds several linear layers under names of their own, "
              + String.join(", ", learned.stream().limit(4).map(Part::title).toList())
              + ", which do not tell what lies between them",
          "save the network whole, or rename them as one row: classifier.0 and classifier.1 if"
              + " nothing lies between two, classifier.0 and classifier.2 if a ReLU does");
    }
  }
}
