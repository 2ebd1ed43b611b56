package io.camjar.weights.module;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An activation that turns the logits of a whole module into probabilities.
 *
 * <p>camjar's scores are those before it; it says how they are to be read.
 *
 * @param path the module's path in the file
 * @param kind {@code sigmoid}, {@code softmax} or {@code log_softmax}
 */
public record FinalActivation(String path, String kind) {
  private static final Map<String, String> KINDS =
      Map.of("Sigmoid", "sigmoid", "Softmax", "softmax", "LogSoftmax", "log_softmax");
  private static final Set<String> SILENT =
      Set.of("Identity", "Dropout", "Dropout2d", "AlphaDropout", "Flatten");

  /** The activation that ends a script's forward; empty for none. */
  public static Optional<FinalActivation> ofScript(String kind) {
    return kind.isEmpty() ? Optional.empty() : Optional.of(new FinalActivation("forward", kind));
  }

  /** How {@code --outputs} calls what it makes: {@code sigmoid} or {@code softmax}. */
  public String outputs() {
    return kind.equals("sigmoid") ? "sigmoid" : "softmax";
  }

  /** The activation that comes last in a network saved whole, if it has one. */
  public static Optional<FinalActivation> of(Map<String, SavedModule> modules) {
    List<String> paths = List.copyOf(modules.keySet());
    for (int i = paths.size() - 1; i >= 0; i--) {
      SavedModule module = modules.get(paths.get(i));
      String simple = module.simpleName();
      boolean training =
          simple.endsWith("Loss") || paths.get(i).toLowerCase(Locale.ROOT).contains("criterion");
      if (KINDS.containsKey(simple) && !module.isOwn() && isOverClasses(module)) {
        return Optional.of(new FinalActivation(paths.get(i), KINDS.get(simple)));
      }
      if (!training && (module.isOwn() || !SILENT.contains(simple))) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Whether the module at that path is the one. */
  public static boolean isLast(Map<String, SavedModule> modules, String path) {
    return of(modules).filter(last -> last.path().equals(path)).isPresent();
  }

  private static boolean isOverClasses(SavedModule module) {
    Object dim = module.value("dim").orElse(1L);
    return module.simpleName().equals("Sigmoid")
        || dim.equals(1L)
        || dim.equals(-1L)
        || dim.equals(SavedModule.NONE);
  }
}
