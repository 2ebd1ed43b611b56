package io.camjar.weights.names;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.ReplacedHead;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.family.Family;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.names.head.FamilyHead;
import io.camjar.weights.names.module.GraphModules;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.names.part.Part;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recognises networks other than ResNets by the names and shapes of all their tensors.
 *
 * <p>A member of a family fits only if every tensor that it needs is there in its shape, and none
 * is left that is not known to belong to training. What tensors do not show, such as activations
 * and pools, is then taken to be what that member has, and said so.
 */
public final class FamilyRecognition {
  /** Modules that may stand around a network. */
  private static final int MAX_PREFIX = 4;

  private final StateDict named;
  private final Map<String, String> sources;
  private final Map<String, SavedModule> modules;

  private FamilyRecognition(StateDict raw, Map<String, SavedModule> modules) {
    this.modules = WrapperNames.modules(modules);
    this.sources = WrapperNames.sources(raw);
    this.named = WrapperNames.renamed(raw, sources);
  }

  /**
   * The network of a family that names point to; empty if they point to none.
   *
   * @param modules the modules by path, where the file has whole modules; may be empty
   */
  public static Optional<Recognised> of(StateDict raw, Map<String, SavedModule> modules) {
    return new FamilyRecognition(raw, modules).recognise();
  }

  private Optional<Recognised> recognise() {
    Recognised nearest = null;
    for (String prefix : prefixes()) {
      Map<String, long[]> shapes = new LinkedHashMap<>();
      for (TensorEntry tensor : named.entries()) {
        if (tensor.name().startsWith(prefix) && tensor.dtype().isFloating()) {
          shapes.put(tensor.name().substring(prefix.length()), tensor.shape());
        }
      }
      for (Family family : Families.all()) {
        Optional<Recognised> found =
            family.recognise(shapes).map(member -> compared(family, member, prefix, List.of()));
        if (found.isPresent() && found.get().fault().isEmpty()) {
          return found;
        }
        Optional<Recognised> replaced = replaced(family, shapes, prefix);
        if (replaced.isPresent()) {
          return replaced;
        }
        if (found.isPresent() && (nearest == null || faults(found.get()) < faults(nearest))) {
          nearest = found.get();
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** How many tensors are missing, have another shape or are not the member's. */
  private static long faults(Recognised found) {
    return found.rows().stream()
        .filter(row -> row.fate() == Fate.MISSING || row.fate() == Fate.REFUSED)
        .count();
  }

  /** What may stand before a network's own names: nothing, or the first modules of all names. */
  private List<String> prefixes() {
    List<String> prefixes = new ArrayList<>(List.of(""));
    List<String> names =
        named.entries().stream()
            .filter(tensor -> Harmless.why(tensor, 0).isEmpty())
            .map(TensorEntry::name)
            .toList();
    String prefix = "";
    while (prefixes.size() <= MAX_PREFIX && !names.isEmpty()) {
      int dot = names.get(0).indexOf('.', prefix.length());
      String longer = names.get(0).substring(0, dot + 1);
      if (dot < 0 || !names.stream().allMatch(name -> name.startsWith(longer))) {
        break;
      }
      prefixes.add(longer);
      prefix = longer;
    }
    return prefixes;
  }

  /**
   * The member whose body these tensors have, with the layers that stand in its classifier's place;
   * empty if they do not have it.
   */
  private Optional<Recognised> replaced(Family family, Map<String, long[]> shapes, String prefix) {
    Optional<Architecture> member = family.recogniseBody(shapes);
    Optional<String> module = member.flatMap(ReplacedHead::moduleOf);
    if (module.isEmpty()) {
      return Optional.empty();
    }
    Map<String, long[]> expected = new LinkedHashMap<>(member.get().parameterShapes());
    expected.keySet().removeIf(name -> Part.isWithin(name, module.get()));
    List<TensorEntry> head = new ArrayList<>();
    for (TensorEntry tensor : named.entries()) {
      boolean inside = tensor.name().startsWith(prefix);
      String name = inside ? family.canonical(tensor.name().substring(prefix.length())) : "";
      if (tensor.name().endsWith(BodyNames.COUNTER)
          || Harmless.why(tensor, 0).isPresent()
          || (inside && member.get().trainsOnly(tensor.name().substring(prefix.length())))) {
        continue;
      }
      if (Part.isWithin(name, module.get())) {
        head.add(tensor);
      } else if (!Arrays.equals(expected.remove(name), tensor.shape())) {
        return Optional.empty();
      }
    }
    return expected.isEmpty()
        ? Optional.of(withHead(family, member.get(), module.get(), head, prefix))
        : Optional.empty();
  }

  private Recognised withHead(
      Family family, Architecture member, String module, List<TensorEntry> head, String prefix) {
    try {
      FamilyHead read = read(family, member, module, head, prefix);
      Architecture network = new ReplacedHead(member, module, read.layers());
      List<Assumption> assumptions =
          read.assumptions().isEmpty()
              ? List.of()
              : List.of(
                  Assumption.byDefault(
                      What.CLASSIFIER, module, String.join("; ", read.assumptions())));
      return compared(family, network, prefix, assumptions);
    } catch (CamjarException e) {
      Recognised found = compared(family, member, prefix, List.of());
      if (!(e instanceof Malformed why)) {
        return found; // Nothing but the published classifier can be meant, and this one differs.
      }
      return new Recognised(
          found.architecture(),
          found.body(),
          found.tensors(),
          found.style(),
          prefix,
          found.rows(),
          found.assumptions(),
          Optional.of(nearest(member, why)));
    }
  }

  private FamilyHead read(
      Family family, Architecture member, String module, List<TensorEntry> head, String prefix) {
    UnaryOperator<String> canonical =
        path -> family.canonicalModule(path.substring(prefix.length()));
    Optional<String> top =
        modules.keySet().stream()
            .filter(path -> path.startsWith(prefix) && path.length() > prefix.length())
            .filter(path -> canonical.apply(path).equals(module))
            .min(Comparator.comparingInt(String::length));
    if (top.isPresent()) {
      return FamilyHead.ofModules(Part.of(head), modules, top.get(), canonical);
    }
    List<TensorEntry> inNetwork =
        head.stream()
            .map(t -> t.named(family.canonical(t.name().substring(prefix.length()))))
            .toList();
    return FamilyHead.ofNames(member, module, List.copyOf(Part.of(inNetwork).values()));
  }

  private Recognised compared(
      Family family, Architecture member, String prefix, List<Assumption> assumed) {
    Mapping mapping = new Mapping(sources, family.title());
    for (TensorEntry tensor : named.entries()) {
      Optional<String> harmless = Harmless.why(tensor, 0);
      boolean inside = tensor.name().startsWith(prefix);
      if (inside && member.trainsOnly(tensor.name().substring(prefix.length()))) {
        mapping.ignore(tensor, "a classifier that only trains");
      } else if (inside && !tensor.name().endsWith(BodyNames.COUNTER) && harmless.isEmpty()) {
        mapping.map(tensor, family.canonical(tensor.name().substring(prefix.length())));
      } else {
        mapping.ignore(tensor, harmless.orElse(MappingRow.COUNTS));
      }
    }
    Optional<Malformed> fault =
        mapping
            .compare(member.parameterShapes())
            .or(() -> GraphModules.difference(family, member, prefix, modules));
    List<Assumption> assumptions = new ArrayList<>();
    assumptions.add(Assumption.byDefault(What.NAMES, member.name(), member.unseen()));
    assumptions.addAll(assumed);
    return mapping.recognised(
        Optional.of(member),
        Optional.empty(),
        member.headLabel(),
        prefix,
        assumptions,
        fault.map(what -> nearest(member, what)));
  }

  private static Malformed nearest(Architecture member, Malformed what) {
    return new Malformed(
        "is named as %s, but %s".formatted(member.name(), what.getMessage()), what.remedy());
  }
}
