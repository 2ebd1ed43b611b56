package io.camjar.weights;

import io.camjar.weights.module.SavedModule;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Classes of whole modules that no library defines. A pickle has their names and their layers, but
 * not the code of their {@code forward}, which may call any function.
 */
final class OwnForward {
  private static final int SHOWN = 3;

  private OwnForward() {}

  /** What is assumed of them: of those that hold others, and of layers. */
  static List<Assumption> of(Map<String, SavedModule> modules) {
    List<Assumption> assumptions = new ArrayList<>();
    classes(modules, module -> !module.isLeaf() && !module.isOfLibrary())
        .map(
            own ->
                assumption(
                    own,
                    "the forward of %s, which is not in the file, computes its layers as the published network does and nothing more"))
        .ifPresent(assumptions::add);
    classes(modules, SavedModule::isHarmless)
        .map(
            own ->
                assumption(
                    own,
                    "%s, whose forward is not in the file, changes no value, as its name says"))
        .ifPresent(assumptions::add);
    return assumptions;
  }

  private static Optional<String> classes(
      Map<String, SavedModule> modules, Predicate<SavedModule> which) {
    List<String> own =
        modules.values().stream().filter(which).map(SavedModule::type).distinct().toList();
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", own.subList(0, Math.min(own.size(), SHOWN))));
  }

  private static Assumption assumption(String classes, String said) {
    return Assumption.byDefault(What.FORWARD, classes, said.formatted(classes));
  }
}
