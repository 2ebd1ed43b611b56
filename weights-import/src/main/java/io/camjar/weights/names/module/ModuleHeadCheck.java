package io.camjar.weights.names.module;

import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.part.NameMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the layers of a head saved whole stand in the order that was read from its names. */
final class ModuleHeadCheck {
  private ModuleHeadCheck() {}

  static void check(Map<String, SavedModule> modules, NameMapping layout, ResNetSpec spec) {
    List<Op> layers =
        spec.head() instanceof SequentialHead head
            ? head.layers()
            : spec.head() instanceof LayeredHead head ? head.layers() : List.of();
    Optional<String> container = container(modules, layout);
    checkAfterClassifier(modules, layout, spec);
    if (layers.isEmpty() || container.isEmpty()) {
      return;
    }
    SavedModule row = modules.get(container.get());
    if (row == null) {
      return;
    }
    for (int i = 0; i < Math.max(layers.size(), row.children().size()); i++) {
      String name = i < row.children().size() ? row.children().get(i) : String.valueOf(i);
      String path = container.get() + "." + name;
      SavedModule module = modules.get(path);
      String found = module == null ? "nothing" : module.simpleName();
      boolean same =
          i < layers.size()
              ? isSame(layers.get(i), module)
              : SavedModule.NEUTRAL.contains(found) || FinalActivation.isLast(modules, path);
      if (!same) {
        throw new Malformed(
            "has "
                + found
                + " at '"
                + path
                + "' in its head, where "
                + (i < layers.size() ? layers.get(i).getClass().getSimpleName() : "nothing")
                + " is expected",
            "save the state_dict of a head that camjar knows, such as fastai's create_head");
      }
    }
  }

  /** What follows the last linear layer in the Sequentials around it must change nothing. */
  private static void checkAfterClassifier(
      Map<String, SavedModule> modules, NameMapping layout, ResNetSpec spec) {
    String last = "";
    for (String name : spec.parameterShapes().keySet()) {
      boolean head = name.startsWith("fc.") || name.startsWith("head.");
      last = head ? name.substring(0, name.lastIndexOf('.') + 1) : last;
    }
    String target = last;
    Optional<String> classifier =
        modules.keySet().stream()
            .filter(path -> layout.canonical(path + ".").filter(target::equals).isPresent())
            .findFirst();
    String path = classifier.orElse("");
    while (!path.isEmpty()) {
      int dot = path.lastIndexOf('.');
      String parent = dot < 0 ? "" : path.substring(0, dot);
      SavedModule row = modules.get(parent);
      if (row != null && row.isSequential()) {
        List<String> names = row.children();
        int after = names.indexOf(path.substring(dot + 1)) + 1;
        for (String name : names.subList(after, names.size())) {
          String behind = parent.isEmpty() ? name : parent + "." + name;
          SavedModule module = modules.get(behind);
          boolean silent =
              module == null
                  || ModuleClasses.isNeutralInHead(module)
                  || FinalActivation.isLast(modules, behind);
          if (!silent) {
            throw ModuleClasses.foreign(behind, module, "behind the classifier");
          }
        }
      }
      path = parent;
    }
  }

  private static boolean isSame(Op layer, @Nullable SavedModule module) {
    if (module == null) {
      return false;
    }
    Set<String> classes = classes(layer);
    return classes.isEmpty()
        ? OpAttributes.of(layer).difference(module).isEmpty()
        : classes.contains(module.simpleName());
  }

  /** The module whose children the head's layers are. */
  static Optional<String> container(Map<String, SavedModule> modules, NameMapping layout) {
    for (String path : modules.keySet()) {
      Optional<String> canonical = layout.canonical(path + ".");
      int dot = path.lastIndexOf('.');
      if (dot > 0 && canonical.filter(n -> n.matches("(head|fc)\\.\\d+\\.")).isPresent()) {
        return Optional.of(path.substring(0, dot));
      }
    }
    return Optional.empty();
  }

  /** Classes of a layer whose values stand elsewhere; none where its own are to be compared. */
  private static Set<String> classes(Op layer) {
    if (layer instanceof Dropout) {
      Set<String> neutral = new java.util.HashSet<>(SavedModule.NEUTRAL);
      neutral.add("Flatten");
      return neutral;
    }
    if (layer instanceof BatchNorm) {
      return Set.of("BatchNorm1d", "SyncBatchNorm");
    }
    if (layer instanceof Linear) {
      return Set.of("Linear");
    }
    if (layer instanceof ReLU) {
      return Set.of("ReLU");
    }
    if (layer instanceof AdaptiveAvgPool2d) {
      return Set.of("AdaptiveAvgPool2d");
    }
    if (layer instanceof AdaptiveConcatPool2d) {
      return Set.of("AdaptiveConcatPool2d");
    }
    return layer instanceof Flatten ? Set.of("Flatten", "Lambda") : Set.of();
  }
}
