package io.camjar.weights.names.head;

import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.module.HeadOps;
import io.camjar.weights.names.part.NameMapping;
import io.camjar.weights.names.part.NameWords;
import io.camjar.weights.names.part.NaturalOrder;
import io.camjar.weights.names.part.Part;
import io.camjar.weights.names.part.Unexplained;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells the head from the modules that are left when the body is taken away.
 *
 * <p>Every one of them must be explained. What is not, or what lies between two of them and leaves
 * no trace, is refused by name: leaving it out would compute another network.
 */
public final class HeadFinder {
  private static final String TIMM_BODY = "0.model.";
  private static final Set<String> USUAL =
      Set.of(
          "fc",
          "classifier",
          "head",
          "linear",
          "cls",
          "logits",
          "logit",
          "output",
          "out",
          "final",
          "dense",
          "classification",
          "predictions",
          "heads");
  private static final Set<String> LAYER = Set.of("weight", "bias", "running_mean", "running_var");
  private static final Set<String> NECK = Set.of("bottleneck", "neck", "bnneck", "bn_neck", "feat");
  private static final Set<String> COSINE =
      Set.of(
          "arc",
          "arcface",
          "arcmargin",
          "cosface",
          "cosine",
          "cos",
          "margin",
          "metric",
          "sphereface",
          "adacos",
          "normlinear",
          "loss",
          "criterion");
  private static final Set<String> PROJECTION =
      Set.of("proj", "projection", "projector", "embedding", "embed", "predictor");
  private static final Set<String> PROTOTYPES = Set.of("prototype", "prototypes");

  /** Rows of layers whose order is looked for; more are not tried. */
  private static final int MAX_ROWS = 6;

  private final List<Part> rest;
  private final NameMapping layout;
  private final int features;
  private final Map<String, SavedModule> modules;
  private final List<String> assumptions = new ArrayList<>();

  private HeadFinder(
      Collection<Part> rest, NameMapping layout, int features, Map<String, SavedModule> modules) {
    this.modules = modules;
    this.rest = List.copyOf(rest);
    this.layout = layout;
    this.features = features;
  }

  /**
   * The head that these modules are.
   *
   * @param rest modules with tensors that are neither part of the body nor of training
   * @param features channels of the body's last block
   * @param modules the modules by path, where the file has whole modules; may be empty
   * @throws Malformed if they are none that names and shapes tell
   */
  public static Head find(
      Collection<Part> rest, NameMapping layout, int features, Map<String, SavedModule> modules) {
    return new HeadFinder(rest, layout, features, modules).find();
  }

  private Head find() {
    if (rest.isEmpty()) {
      return new Head(new NoHead(), Map.of(), List.of());
    }
    for (Part part : rest) {
      if (part.kind() != Part.Kind.LINEAR && part.kind() != Part.Kind.NORM && !isTold(part)) {
        throw strange(part);
      }
    }
    Map<String, List<Part>> rows = new LinkedHashMap<>();
    for (Part part : rest) {
      String row = part.isNumbered() ? part.parent() : part.path();
      rows.computeIfAbsent(row, r -> new ArrayList<>()).add(part);
    }
    rows.values()
        .forEach(row -> row.sort(Comparator.comparing(Part::path, NaturalOrder.COMPARATOR)));
    rows.values().forEach(HeadFinder::checkContainer);
    List<String> heads =
        rows.keySet().stream()
            .filter(row -> rows.get(row).stream().anyMatch(p -> p.kind() == Part.Kind.LINEAR))
            .toList();
    List<Part> norms =
        rows.entrySet().stream()
            .filter(row -> !heads.contains(row.getKey()))
            .flatMap(row -> row.getValue().stream())
            .toList();
    if (heads.size() != 1) {
      throw heads.isEmpty() ? lone(norms.get(0)) : several(heads, rows);
    }
    return head(heads.get(0), rows.get(heads.get(0)), neck(norms));
  }

  /** A module that holds numbered ones, such as an {@code nn.Sequential}, has no tensors. */
  private static void checkContainer(List<Part> row) {
    for (Part part : row) {
      if (row.size() > 1 && !part.isNumbered()) {
        throw new Malformed(
            "has weights in " + part.title() + " and in " + row.get(1).title() + " below it",
            "remove one of the two, or the prefix that they share by mistake");
      }
    }
  }

  /** Whether the file has whole modules and says what this one of a row computes. */
  private boolean isTold(Part part) {
    SavedModule module = modules.get(part.path());
    SavedModule row = modules.get(part.parent());
    return module != null
        && row != null
        && row.isSequential()
        && part.isNumbered()
        && part.kind() == Part.Kind.OTHER
        && HeadOps.of(module, part.tensors()).isPresent();
  }

  /** Why a module that is no linear layer and no batch norm is no layer of a head. */
  static Malformed strange(Part part) {
    return named(part).orElseGet(() -> unexplained(part));
  }

  private static Malformed unexplained(Part part) {
    String last =
        part.kind() == Part.Kind.CONV
            ? "weight"
            : part.tensors().keySet().stream()
                .filter(tensor -> !LAYER.contains(tensor))
                .findFirst()
                .orElse(part.tensors().keySet().iterator().next());
    return Unexplained.of(name(part, last), part.tensors().get(last).shape());
  }

  /** The same where its tensors say what it is. */
  static Optional<Malformed> named(Part part) {
    Set<String> own = part.tensors().keySet();
    if (own.contains("scale") && own.contains("zero_point")) {
      return Optional.of(
          new Malformed(
              "has the quantised layer "
                  + part.title()
                  + ", by its tensors scale and zero_point, whose weights camjar does not read",
              "give the floating-point model from which the quantised one was made"));
    }
    if (own.equals(Set.of("running_mean", "running_var"))) {
      return Optional.of(
          new Malformed(
              "has the batch norm " + part.title() + " without a weight and a bias (affine=False)",
              "give it a weight of ones and a bias of zeros"));
    }
    TensorEntry weight = part.tensors().get("weight");
    if (weight != null && weight.rank() == 1 && own.equals(Set.of("weight", "bias"))) {
      return Optional.of(
          new Malformed(
              "has the layer "
                  + part.title()
                  + ", whose weight and bias have one dimension and no running statistics: a norm"
                  + " of layers or groups, not of batches",
              "use a network with batch norms alone"));
    }
    return Optional.empty();
  }

  private static String name(Part part, String tensor) {
    return part.path().isEmpty() ? tensor : part.path() + "." + tensor;
  }

  /** A batch norm between pool and classifier. */
  private Optional<Part> neck(List<Part> norms) {
    if (norms.isEmpty()) {
      return Optional.empty();
    }
    Part norm = norms.get(0);
    if (norms.size() > 1 || norm.out() != features || !NameWords.anyOf(norm.path(), NECK)) {
      throw lone(norm);
    }
    return Optional.of(norm);
  }

  private Malformed lone(Part norm) {
    return new Malformed(
        "has the batch norm "
            + norm.title()
            + " of "
            + norm.out()
            + " channels outside its blocks, and names do not tell what lies before and after it",
        norm.out() == features
            ? "if it stands right before the classifier, rename the two as fc.0 and fc.1"
            : "use a ResNet of torchvision, timm or fastai");
  }

  private Malformed several(List<String> heads, Map<String, List<Part>> rows) {
    List<Part> ends = heads.stream().map(head -> rows.get(head)).map(row -> row.get(0)).toList();
    String names =
        heads.stream()
            .limit(4)
            .map(h -> h.isEmpty() ? rows.get(h).get(0).title() : "'" + h + "'")
            .collect(Collectors.joining(", "));
    if (heads.stream()
        .anyMatch(h -> NameWords.anyOf(h, PROJECTION) || NameWords.anyOf(h, PROTOTYPES))) {
      return new Malformed(
          "holds the linear layers "
              + names
              + ", by their names a projection of the features or prototypes of them, and names do"
              + " not tell what lies between",
          "remove those that are no classifier; without any, methods that know no class show the"
              + " body (--method eigencam)");
    }
    boolean abreast =
        ends.stream()
                .filter(part -> part.kind() == Part.Kind.LINEAR && part.in() == features)
                .count()
            > 1;
    if (abreast) {
      return new Malformed(
          "holds several classifiers next to each other: " + names,
          "remove from the file those that you do not want explained");
    }
    if (heads.size() <= MAX_ROWS && !isChain(features, heads, rows)) {
      return new Malformed(
          "holds the linear layers "
              + heads.stream()
                  .limit(4)
                  .map(h -> sizes(rows.get(h)))
                  .collect(Collectors.joining(", "))
              + ", which do not follow each other from the body's "
              + features
              + " features",
          "remove from the file those that are not part of the classifier");
    }
    return new Malformed(
        "holds several linear layers under names of their own, "
            + names
            + ", which do not tell what lies between them",
        "rename them as one row: fc.0 and fc.1 if nothing lies between two, fc.0 and fc.2 if a ReLU"
            + " does");
  }

  /** Whether all rows follow each other in some order, the first from so many features. */
  private static boolean isChain(long in, List<String> heads, Map<String, List<Part>> rows) {
    if (heads.isEmpty()) {
      return true;
    }
    for (String head : heads) {
      List<Part> row = rows.get(head);
      if (inputs(row.get(0)) == in) {
        List<String> others = heads.stream().filter(other -> !other.equals(head)).toList();
        if (isChain(row.get(row.size() - 1).out(), others, rows)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String sizes(List<Part> row) {
    Part last = row.get(row.size() - 1);
    String to = last == row.get(0) ? "" : " to " + last.title();
    return row.get(0).title() + to + " (from " + inputs(row.get(0)) + " to " + last.out() + ")";
  }

  private static long inputs(Part part) {
    return part.kind() == Part.Kind.LINEAR ? part.in() : part.out();
  }

  private Head head(String container, List<Part> row, Optional<Part> neck) {
    if (isFastai(container, row)) {
      return neck.isEmpty() ? fastai(container, row) : refuseNeck(neck.get());
    }
    Part first = row.get(0);
    checkFirst(first);
    checkName(container.isEmpty() ? row.get(row.size() - 1).path() : container);
    Part last = row.get(row.size() - 1);
    if (!last.hasBias() && last.kind() == Part.Kind.LINEAR) {
      assumptions.add(last.title() + " has no bias");
    }
    Map<String, String> names = new LinkedHashMap<>();
    if (neck.isPresent()) {
      return necked(container, row, neck.get());
    }
    if (row.size() == 1) {
      names.put(first.path() + ".", "fc.");
      return new Head(
          new LinearHead(((Linear) HeadLayers.layer(first)).out(), first.hasBias()),
          names,
          assumptions);
    }
    HeadLayers layers = HeadLayers.of(container, row, List.of(), modules);
    row.forEach(part -> names.put(part.path() + ".", "fc." + part.number() + "."));
    assumptions.addAll(layers.assumptions());
    return new Head(new LayeredHead(layers.layers()), names, assumptions);
  }

  private Head necked(String container, List<Part> row, Part neck) {
    if (row.size() != 1) {
      throw new Malformed(
          "has the batch norm "
              + neck.title()
              + " next to the classifier '"
              + container
              + "' of several layers, and names do not tell what lies between them",
          "rename them as one row: fc.0, fc.1, ...");
    }
    Part linear = row.get(0);
    if (modules.isEmpty() && layout.prefix().equals("base.") && neck.path().equals("bottleneck")) {
      throw new Malformed(
          "is named as reid-strong-baseline names networks ('base', "
              + neck.title()
              + ", "
              + linear.title()
              + "), whose layer4 has stride 1 by default and whose bn1 no ReLU follows, and names"
              + " do not tell whether this one is so",
          "rename "
              + neck.title()
              + " as fc.0 and "
              + linear.title()
              + " as fc.1 if its layer4 has stride 2 and a ReLU follows bn1");
    }
    assumptions.add(
        "the batch norm "
            + neck.title()
            + " between the pool and the classifier "
            + linear.title());
    return new Head(
        new LayeredHead(List.of(HeadLayers.layer(neck), HeadLayers.layer(linear))),
        Map.of(neck.path() + ".", "fc.0.", linear.path() + ".", "fc.1."),
        assumptions);
  }

  private static Head refuseNeck(Part neck) {
    throw Unexplained.of(neck.path() + ".weight");
  }

  private void checkFirst(Part first) {
    long in = inputs(first);
    if (in == features) {
      return;
    }
    if (in == 2L * features) {
      throw new Malformed(
          "has the classifier "
              + first.title()
              + " of "
              + in
              + " inputs, twice the body's features: a maximum and an average, whose order names"
              + " do not tell",
          "use fastai's head, in which the maximum comes first");
    }
    throw new Malformed(
        "has the classifier "
            + first.title()
            + " of "
            + in
            + " inputs, where an average pool leaves "
            + features,
        "use a network whose classifier follows a global average pool");
  }

  private void checkName(String container) {
    if (NameWords.anyOf(container, COSINE)) {
      throw new Malformed(
          "has the classifier '"
              + container
              + "', by its name one that compares angles or belongs to a loss, which the file does"
              + " not show",
          "if it is an ordinary linear layer, rename it to fc");
    }
    if (NameWords.anyOf(container, PROJECTION)) {
      throw new Malformed(
          "has no classifier, and '" + container + "', by its name a projection of the features",
          "remove it to see the body by a method that knows no class (--method eigencam); if it is"
              + " the classifier, rename it to fc");
    }
    if (!NameWords.anyOf(container, USUAL)) {
      assumptions.add("'" + container + "' is the classifier");
    }
  }

  /** Whether a row is the second child of fastai's {@code Sequential(body, head)}. */
  private boolean isFastai(String container, List<Part> row) {
    String prefix = layout.prefix();
    boolean second =
        layout.style().equals("fastai")
            ? container.equals(prefix + "1")
            : prefix.endsWith(TIMM_BODY)
                && container.equals(
                    prefix.substring(0, prefix.length() - TIMM_BODY.length()) + "1");
    boolean named = container.equals("head") || container.endsWith(".head");
    return (second || named) && row.get(0).isNumbered() && row.get(0).number() >= 2;
  }

  private Head fastai(String container, List<Part> row) {
    Op first = HeadLayers.layer(row.get(0));
    int in = HeadLayers.in(first);
    if (in != features && in != 2 * features) {
      checkFirst(row.get(0));
    }
    Op pool = in == features ? new AdaptiveAvgPool2d() : new AdaptiveConcatPool2d();
    HeadLayers layers = HeadLayers.of(container, row, List.of(pool, new Flatten()), modules);
    Map<String, String> names = new LinkedHashMap<>();
    row.forEach(part -> names.put(part.path() + ".", "head." + part.number() + "."));
    return new Head(new SequentialHead(label(row), layers.layers()), names, List.of());
  }

  /** fastai v2 drops the bias of a linear layer that has a batch norm next to it; v1 never does. */
  private static String label(List<Part> row) {
    return row.stream().allMatch(part -> part.kind() == Part.Kind.NORM || part.hasBias())
        ? "fastai1"
        : "fastai2";
  }
}
