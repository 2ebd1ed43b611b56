package io.camjar.weights.names;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.Gates;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What torchvision and timm call a ResNet of given blocks. */
final class ArchitectureNames {
  private static final Map<List<Integer>, String> BASIC =
      Map.of(
          List.of(1, 1, 1, 1), "resnet10",
          List.of(2, 2, 2, 2), "resnet18",
          List.of(3, 4, 6, 3), "resnet34");
  private static final Map<List<Integer>, String> BOTTLENECK =
      Map.of(
          List.of(1, 1, 1, 1), "resnet14",
          List.of(2, 2, 2, 2), "resnet26",
          List.of(3, 4, 6, 3), "resnet50",
          List.of(3, 4, 23, 3), "resnet101",
          List.of(3, 8, 36, 3), "resnet152",
          List.of(3, 24, 36, 3), "resnet200");

  private ArchitectureNames() {}

  /**
   * {@code resnet50}, {@code resnet50d}, {@code resnet10t}, {@code wide_resnet50_2}, {@code
   * resnext50_32x4d}, {@code seresnet50}, or the depths for an unknown one.
   *
   * @param wider channels of the 3x3 convolutions as a multiple of the planes
   * @param groups of these
   * @param inner their channels in layer1
   */
  static String of(
      BlockKind block,
      List<Integer> depths,
      double wider,
      int groups,
      int inner,
      Gates gates,
      Stem stem,
      Shortcut shortcut) {
    String known = (block == BlockKind.BASIC ? BASIC : BOTTLENECK).get(depths);
    String base =
        known != null
            ? known
            : "resnet-" + depths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    String gated = (gates.kind() == Gates.Kind.NONE ? "" : "se") + base;
    if (groups > 1) {
      String grouped = gated.replace("resnet", "resnext") + suffix(stem, shortcut);
      return "%s_%dx%dd".formatted(grouped, groups, inner / groups);
    }
    String name = gated + suffix(stem, shortcut);
    if (wider == 1) {
      return name;
    }
    String factor =
        wider == Math.rint(wider)
            ? "%.0f".formatted(wider)
            : String.format(Locale.ROOT, "%.2f", wider);
    return "wide_" + name + "_" + factor;
  }

  /** timm's letters: t for a tiered deep stem, d for deep and pooled shortcut, c for deep alone. */
  private static String suffix(Stem stem, Shortcut shortcut) {
    boolean pooled = shortcut == Shortcut.AVG_POOL_CONV;
    if (stem instanceof Stem.Deep deep) {
      if (deep.first() != deep.second()) {
        return "t";
      }
      return pooled ? "d" : "c";
    }
    return pooled ? "-avgdown" : "";
  }
}
