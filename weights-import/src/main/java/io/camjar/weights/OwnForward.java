package io.camjar.weights;

import io.camjar.weights.module.SavedModule;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Classes of whole modules that no library defines. A pickle has their names and their layers, but
 * not the code of their {@code forward}, which may call any function.
 */
final class OwnForward {
  private static final int SHOWN = 3;

  private OwnForward() {}

  /** What is assumed of them; empty if there are none. */
  static Optional<Assumption> of(Map<String, SavedModule> modules) {
    List<String> own =
        modules.values().stream()
            .filter(module -> !module.isLeaf())
            .filter(module -> !module.isOfLibrary())
            .map(SavedModule::type)
            .distinct()
            .toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    String classes = String.join(", ", own.subList(0, Math.min(own.size(), SHOWN)));
    return Optional.of(
        Assumption.byDefault(
            What.FORWARD,
            classes,
            "the forward of %s, which is not in the file, computes its layers as a ResNet does and nothing more"
                .formatted(classes)));
  }
}
