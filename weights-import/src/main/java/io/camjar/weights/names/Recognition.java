package io.camjar.weights.names;

import static java.util.stream.Collectors.joining;

import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.head.Head;
import io.camjar.weights.names.head.HeadFinder;
import io.camjar.weights.names.head.HeadRows;
import io.camjar.weights.names.module.ModuleClasses;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.names.part.NameMapping;
import io.camjar.weights.names.part.Part;
import io.camjar.weights.names.wiring.Wiring;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From a file's names to the engine's, to a specification, to a verdict on every tensor.
 *
 * <p>Names are tried first, shapes where names fail. No tensor is left out that may lie between the
 * input and the logits: what is neither part of the network nor known to belong to training is
 * refused, for it would change what is computed.
 */
public final class Recognition {
  private static final int EXAMPLES = 3;

  private final StateDict named;

  /** Tensors that stand within modules and on which nothing can depend. */
  private final List<TensorEntry> idle;

  /** Names in the file by the shorter ones that are worked with. */
  private final Map<String, String> sources;

  private final HeadRows rows;
  private final Map<String, SavedModule> modules;

  private Recognition(StateDict raw, Map<String, SavedModule> modules) {
    Map<String, SavedModule> stripped = WrapperNames.modules(modules);
    this.rows = HeadRows.of(stripped);
    this.sources = rows.renamed(WrapperNames.sources(raw));
    StateDict all = WrapperNames.renamed(raw, sources);
    this.idle =
        all.entries().stream()
            .filter(tensor -> Harmless.isEmpty(tensor) || Harmless.isProfile(tensor))
            .toList();
    this.named =
        idle.isEmpty()
            ? all
            : StateDict.of(all.entries().stream().filter(t -> !idle.contains(t)).toList());
    this.modules = rows.rebuilt(stripped);
  }

  /**
   * Recognises a ResNet; never throws for an unknown network, but says why.
   *
   * @param modules the modules by path, where the file has whole modules; may be empty
   */
  public static Recognised of(StateDict raw, Map<String, SavedModule> modules) {
    return new Recognition(raw, modules).recognise();
  }

  private Recognised recognise() {
    Mapping mapping = new Mapping(sources, Mapping.RESNET);
    idle.forEach(
        tensor -> mapping.ignore(tensor, Harmless.why(tensor, 0).orElse("not part of a ResNet")));
    LayoutFinder.Found found;
    try {
      found = find();
    } catch (Malformed e) {
      named.entries().forEach(tensor -> mapping.ignore(tensor, "not part of a ResNet"));
      return mapping.recognised(
          Optional.empty(), Optional.empty(), "", "", List.of(), Optional.of(e));
    }
    NameMapping layout = found.layout();
    String prefix = prefix(layout);
    List<TensorEntry> rest = new ArrayList<>();
    for (TensorEntry tensor : named.entries()) {
      Optional<String> name = layout.canonical(tensor.name());
      if (name.isPresent()) {
        mapping.map(tensor, name.get());
      } else if (tensor.name().endsWith(BodyNames.COUNTER)) {
        // Told with the batch norm that it counts for.
        rest.add(tensor);
      } else if (found.others().stream().anyMatch(tensor.name()::startsWith)) {
        mapping.ignore(tensor, "part of another network");
      } else {
        rest.add(tensor);
      }
    }
    Optional<ResNetSpec> known = Optional.empty();
    try {
      mapping.unfoldNorms();
      ResNetSpec body = new BodyDetector(mapping.mapped()).detect(new NoHead());
      known = Optional.of(body);
      List<TensorEntry> unexplained = new ArrayList<>();
      List<TensorEntry> ofTraining = new ArrayList<>();
      for (TensorEntry tensor : rest) {
        Optional<String> harmless = Harmless.why(tensor, body.features());
        harmless.ifPresent(why -> mapping.ignore(tensor, why));
        (harmless.isPresent() ? ofTraining : unexplained).add(tensor);
      }
      rest.retainAll(unexplained);
      Head head = HeadFinder.find(Part.of(rest).values(), layout, body.features(), modules);
      NameMapping whole = layout.with(head.replacements());
      for (TensorEntry tensor : unexplained) {
        whole
            .canonical(tensor.name())
            .ifPresentOrElse(
                name -> mapping.map(tensor, name), () -> mapping.ignore(tensor, MappingRow.COUNTS));
      }
      rest.clear();
      ResNetSpec spec = body.withHead(head.spec());
      spec.parameterShapes()
          .forEach(
              (name, shape) -> {
                if (shape.length == 4) {
                  String conv = name.substring(0, name.lastIndexOf('.'));
                  BodyNames.findNormOf(conv).ifPresent(norm -> mapping.foldBias(conv, norm));
                }
              });
      Optional<Malformed> fault =
          mapping
              .compare(spec.parameterShapes())
              .or(() -> otherModules(whole, spec))
              .or(() -> embedding(ofTraining, spec));
      return mapping.recognised(
          Optional.of(spec),
          known,
          layout.style(),
          prefix,
          assumptions(found, head, mapping),
          fault);
    } catch (Malformed e) {
      rest.forEach(tensor -> mapping.refuse(tensor, "may lie between the input and the logits"));
      return mapping.recognised(
          Optional.empty(), known, layout.style(), prefix, List.of(), Optional.of(rows.inFile(e)));
    }
  }

  /** Whether a loss compares the outputs with vectors of classes. */
  private Optional<Malformed> embedding(List<TensorEntry> ofTraining, ResNetSpec spec) {
    if (spec.head() instanceof NoHead) {
      return Optional.empty();
    }
    return ofTraining.stream()
        .filter(
            tensor ->
                ClassVectors.take(tensor.name(), tensor.shape(), spec.classes(), spec.features()))
        .findFirst()
        .map(
            tensor ->
                ClassVectors.refusal(
                    sources.getOrDefault(tensor.name(), tensor.name()), spec.classes(), ""));
  }

  /** What whole modules say of themselves and the network is not. */
  private Optional<Malformed> otherModules(NameMapping layout, ResNetSpec spec) {
    try {
      ModuleClasses.check(modules, layout, spec);
      return Optional.empty();
    } catch (Malformed e) {
      return Optional.of(rows.inFile(e));
    }
  }

  /** By names if they are those of a whole body, otherwise by shapes. */
  private LayoutFinder.Found find() {
    Optional<LayoutFinder.Found> byName = LayoutFinder.find(named);
    if (byName.isPresent() && isWhole(byName.get().layout())) {
      return byName.get();
    }
    try {
      Optional<NameMapping> byShape = Wiring.find(Part.of(named.entries()).values());
      if (byShape.isPresent() && (byName.isEmpty() || isWhole(byShape.get()))) {
        return new LayoutFinder.Found(byShape.get(), Set.of(), "");
      }
    } catch (Malformed e) {
      if (byName.isEmpty()) {
        throw e;
      }
    }
    return byName.orElseThrow(() -> LayoutFinder.none(named));
  }

  /** Whether nothing is missing from the body and every tensor of it has its shape. */
  private boolean isWhole(NameMapping layout) {
    Mapping mapping = new Mapping(sources, Mapping.RESNET);
    for (TensorEntry tensor : named.entries()) {
      layout.canonical(tensor.name()).ifPresent(name -> mapping.map(tensor, name));
    }
    try {
      mapping.unfoldNorms();
      ResNetSpec body = new BodyDetector(mapping.mapped()).detect(new NoHead());
      return mapping.covers(body.parameterShapes());
    } catch (Malformed e) {
      return false;
    }
  }

  private static List<Assumption> assumptions(
      LayoutFinder.Found found, Head head, Mapping mapping) {
    NameMapping layout = found.layout();
    List<Assumption> assumptions = new ArrayList<>();
    found
        .remark()
        .ifPresent(
            remark ->
                assumptions.add(Assumption.byDefault(What.KEY, bare(layout.prefix()), remark)));
    int biases = mapping.folded();
    if (mapping.unfolded() > 0) {
      assumptions.add(
          Assumption.byDefault(
              What.NAMES,
              layout.style(),
              "the batch norms of %d convolutions, which have biases and no norms, were folded into them"
                  .formatted(mapping.unfolded())));
    }
    if (biases > 0) {
      assumptions.add(
          Assumption.byDefault(
              What.NAMES,
              layout.style(),
              biases == 1
                  ? "the bias of a convolution belongs before the batch norm behind it"
                  : biases + " biases of convolutions belong before the batch norms behind them"));
    }
    if (layout.byShape()) {
      assumptions.add(
          Assumption.byDefault(
              What.NAMES, layout.style(), "layers told by their shapes, " + examples(layout)));
    }
    if (!head.assumptions().isEmpty()) {
      String layers =
          head.replacements().keySet().stream().map(Recognition::bare).collect(joining(", "));
      assumptions.add(
          Assumption.byDefault(What.CLASSIFIER, layers, String.join("; ", head.assumptions())));
    }
    return assumptions;
  }

  /** Some of the names that differ from the engine's: of the stem, a first and a last block. */
  private static String examples(NameMapping layout) {
    Map<String, String> sources = new LinkedHashMap<>();
    layout
        .replacements()
        .forEach(
            (source, target) -> {
              if (!source.equals(target)) {
                sources.put(target, source);
              }
            });
    List<String> targets =
        new ArrayList<>(List.of("conv1.", "conv1.0.", "layer1.0.conv1.", "layer4.0.conv1."));
    if (targets.stream().noneMatch(sources::containsKey)) {
      targets.addAll(sources.keySet());
    }
    return targets.stream()
        .filter(sources::containsKey)
        .limit(EXAMPLES)
        .map(target -> bare(sources.get(target)) + " as " + bare(target))
        .collect(joining(", "));
  }

  private static String bare(String beginning) {
    return beginning.isEmpty() ? "" : beginning.substring(0, beginning.length() - 1);
  }

  /** What stands before the body's names in the file, with wrappers. */
  private String prefix(NameMapping layout) {
    for (Map.Entry<String, String> source : sources.entrySet()) {
      String name = source.getKey();
      if (name.startsWith(layout.prefix()) && layout.canonical(name).isPresent()) {
        String below = name.substring(layout.prefix().length());
        if (source.getValue().endsWith(below)) {
          return source.getValue().substring(0, source.getValue().length() - below.length());
        }
      }
    }
    return layout.prefix();
  }
}
