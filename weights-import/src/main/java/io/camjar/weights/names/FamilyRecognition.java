package io.camjar.weights.names;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.family.Family;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.names.module.GraphModules;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            family.recognise(shapes).map(member -> compared(family, member, prefix));
        if (found.isPresent() && found.get().fault().isEmpty()) {
          return found;
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

  private Recognised compared(Family family, Architecture member, String prefix) {
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
    return mapping.recognised(
        Optional.of(member),
        Optional.empty(),
        member.headLabel(),
        prefix,
        List.of(Assumption.byDefault(What.NAMES, member.name(), member.unseen())),
        fault.map(what -> nearest(member, what)));
  }

  private static Malformed nearest(Architecture member, Malformed what) {
    return new Malformed(
        "is named as %s, but %s".formatted(member.name(), what.getMessage()), what.remedy());
  }
}
