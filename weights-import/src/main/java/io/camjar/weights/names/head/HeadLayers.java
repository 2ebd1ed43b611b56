package io.camjar.weights.names.head;

import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.module.HeadOps;
import io.camjar.weights.names.module.ModuleClasses;
import io.camjar.weights.names.part.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A numbered row of linear layers and batch norms with what stands in its gaps.
 *
 * <p>Layers without parameters leave gaps in the numbers. Between two linear layers one of them is
 * a ReLU, in the first gap; any other is a dropout, which is the identity when not training. Before
 * the first layer they do nothing to features, which are positive.
 */
final class HeadLayers {
  private static final int MAX_LAYERS = 64;
  private static final int MAX_FEATURES = 1 << 20;

  /** Flatten, ReLU and dropout, which change nothing there. */
  private static final int MAX_BEFORE = 3;

  /** ReLU and dropout. */
  static final int MAX_BETWEEN = 2;

  private final IntFunction<String> paths;
  private final TreeMap<Integer, Op> learned = new TreeMap<>();
  private final List<Op> layers;
  private final List<String> assumptions = new ArrayList<>();

  private HeadLayers(IntFunction<String> paths, Map<Integer, Op> learned, List<Op> start) {
    this.paths = paths;
    this.learned.putAll(learned);
    this.layers = new ArrayList<>(start);
    learned
        .keySet()
        .forEach(
            number -> {
              if (number >= MAX_LAYERS) {
                throw new Malformed(
                    "has the layer " + title(number) + ", whose number no known head has",
                    "number the layers of the head in a row");
              }
            });
  }

  /**
   * The layers of a row.
   *
   * @param row linear layers and batch norms, numbered children of one module
   * @param start the layers that are known to come first
   * @param modules the modules by path, where the file has whole modules; may be empty
   */
  static HeadLayers of(
      String container, List<Part> row, List<Op> start, Map<String, SavedModule> modules) {
    String beginning = container.isEmpty() ? "" : container + ".";
    SavedModule whole = modules.get(container);
    boolean told = whole != null && whole.isSequential();
    Map<Integer, Op> learned = new LinkedHashMap<>();
    row.forEach(
        part ->
            learned.put(part.number(), told ? layer(part, modules.get(part.path())) : layer(part)));
    HeadLayers found = new HeadLayers(number -> beginning + number, learned, start);
    if (told) {
      found.fillFrom(modules);
    } else {
      found.fill();
    }
    return found;
  }

  /**
   * The layers of a row of which only the learned ones are known.
   *
   * @param paths the path of the layer of a number
   * @param learned linear layers and batch norms by their number in the row
   * @param start the layers that are known to come first
   */
  static HeadLayers guessed(IntFunction<String> paths, Map<Integer, Op> learned, List<Op> start) {
    HeadLayers found = new HeadLayers(paths, learned, start);
    found.fill();
    return found;
  }

  /** What a layer saved whole computes. The eps of batch norms is in their weights by now. */
  private static Op layer(Part part, @Nullable SavedModule module) {
    if (module == null || part.kind() == Part.Kind.LINEAR || part.kind() == Part.Kind.NORM) {
      return layer(part);
    }
    return HeadOps.of(module, part.tensors()).orElseThrow(() -> HeadFinder.strange(part));
  }

  List<Op> layers() {
    return layers;
  }

  List<String> assumptions() {
    return assumptions;
  }

  static Op layer(Part part) {
    if (part.out() > MAX_FEATURES
        || (part.kind() == Part.Kind.LINEAR && part.in() > MAX_FEATURES)) {
      throw new Malformed(
          "has the layer " + part.title() + " of more than " + MAX_FEATURES + " features",
          "use a network with fewer classes");
    }
    return part.kind() == Part.Kind.LINEAR
        ? new Linear((int) part.in(), (int) part.out(), part.hasBias())
        : BatchNorm.of1d((int) part.out());
  }

  /** Features that a layer takes in; 0 where it takes any. */
  static int in(Op layer) {
    if (layer instanceof LayerNorm norm) {
      return norm.sides().get(0).intValue();
    }
    return layer instanceof Linear linear ? linear.in() : out(layer);
  }

  /** Features that a layer puts out; 0 where it does not say. */
  static int out(Op layer) {
    if (layer instanceof BatchNorm norm) {
      return norm.features();
    }
    return layer instanceof Linear linear ? linear.out() : 0;
  }

  /** A dropout's own share where the file has it, otherwise fastai's; it matters in training. */
  private static double share(SavedModule module, boolean last) {
    Object p = module.value("p").orElse("");
    double usual = last ? 0.5 : 0.25;
    return p instanceof Number share && share.doubleValue() >= 0 && share.doubleValue() < 1
        ? share.doubleValue()
        : usual;
  }

  private int lastLinear() {
    return learned.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Linear)
        .mapToInt(Map.Entry::getKey)
        .max()
        .orElseThrow();
  }

  /** What stands in the gaps, as the file itself says where it has whole modules. */
  private void fillFrom(Map<String, SavedModule> modules) {
    Map.Entry<Integer, Op> before = null;
    for (Map.Entry<Integer, Op> entry : learned.entrySet()) {
      if (before != null && in(entry.getValue()) > 0) {
        checkSizes(before, entry);
      }
      while (layers.size() < entry.getKey()) {
        String path = paths.apply(layers.size());
        SavedModule module = modules.get(path);
        if (module != null && ModuleClasses.isNeutralInHead(module)) {
          layers.add(new Dropout(share(module, entry.getKey() == lastLinear())));
        } else if (module == null) {
          throw new Malformed("has nothing at '" + path + "' in its head", "save it whole again");
        } else {
          layers.add(HeadOps.of(module, Map.of()).orElseThrow(() -> HeadOps.refusal(path, module)));
        }
      }
      layers.add(entry.getValue());
      before = out(entry.getValue()) > 0 ? entry : before;
    }
  }

  private void fill() {
    int lastLinear = lastLinear();
    Map.Entry<Integer, Op> before = null;
    boolean linear = false; // the last linear layer is not yet followed by its ReLU
    for (Map.Entry<Integer, Op> entry : learned.entrySet()) {
      double p = entry.getKey() == lastLinear ? 0.5 : 0.25;
      int gap = entry.getKey() - layers.size();
      if (before == null) {
        before(entry.getKey(), gap);
        dropouts(gap, p);
      } else {
        checkSizes(before, entry);
        boolean activates = linear && gap > 0 && entry.getKey() <= lastLinear;
        between(before.getKey(), entry.getKey(), gap, activates, p);
        linear &= !activates;
      }
      linear |= entry.getValue() instanceof Linear;
      layers.add(entry.getValue());
      before = entry;
    }
  }

  private void before(int first, int gap) {
    if (gap > MAX_BEFORE) {
      throw new Malformed(
          "has %d layers without parameters before %s, which names alone do not tell"
              .formatted(gap, title(first)),
          "number the layers of the head in a row");
    }
  }

  private void between(int from, int to, int gap, boolean activates, double p) {
    if (gap > (activates ? MAX_BETWEEN : 1) || (gap > 0 && !activates && isLast(from))) {
      throw untold(gap, paths.apply(from), paths.apply(to));
    }
    if (activates) {
      layers.add(new ReLU());
    }
    dropouts(gap - (activates ? 1 : 0), p);
    if (gap > 0) {
      String what = !activates ? "a dropout" : gap == 1 ? "a ReLU" : "a ReLU and a dropout";
      assumptions.add(what + " between " + title(from) + " and " + title(to));
    }
  }

  static Malformed untold(int gap, String from, String to) {
    return new Malformed(
        "has %d %s without parameters between '%s' and '%s', which names alone do not tell"
            .formatted(gap, gap == 1 ? "layer" : "layers", from, to),
        "leave out of the row what does nothing when not training");
  }

  private boolean isLast(int number) {
    return learned.tailMap(number, false).values().stream().noneMatch(Linear.class::isInstance);
  }

  private void dropouts(int count, double p) {
    for (int i = 0; i < count; i++) {
      layers.add(new Dropout(p));
    }
  }

  private void checkSizes(Map.Entry<Integer, Op> a, Map.Entry<Integer, Op> b) {
    if (out(a.getValue()) != in(b.getValue())) {
      throw new Malformed(
          "has the layer %s of %d outputs before %s of %d inputs"
              .formatted(title(a.getKey()), out(a.getValue()), title(b.getKey()), in(b.getValue())),
          "keep one classifier in the file");
    }
  }

  private String title(int number) {
    return "'" + paths.apply(number) + "'";
  }
}
