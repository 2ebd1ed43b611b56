package io.camjar.engine.model.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other names under which users know a point. */
final class Aliases {
  private static final Pattern STAGE = Pattern.compile("layer([1-4])(?:\\.(\\d+))?(\\..+)?");

  private Aliases() {}

  static List<String> of(String path, ResNetSpec spec) {
    List<String> aliases = new ArrayList<>();
    Matcher stage = STAGE.matcher(path);
    if (stage.matches()) {
      stage(stage, aliases);
    } else if (path.startsWith("head")) {
      aliases.add("1" + path.substring("head".length()));
    } else {
      // fastai's body is Sequential(conv1, bn1, relu, maxpool, layer1, ...) at index 0.
      int index = List.of("conv1", "bn1", "relu", "maxpool").indexOf(path);
      if (index >= 0) {
        aliases.add("0." + index);
      } else if (path.startsWith("conv1.")) {
        aliases.add("0.0" + path.substring("conv1".length()));
      }
      if (path.equals("relu")) {
        aliases.add("act1");
      }
    }
    title(path).ifPresent(aliases::add);
    if (path.equals("layer4") && spec.head() instanceof SequentialHead) {
      aliases.add("0");
    }
    return aliases;
  }

  /** What fastai notebooks call the stem or a block; nothing for other points. */
  static Optional<String> title(String path) {
    Matcher stage = STAGE.matcher(path);
    if (stage.matches() && stage.group(2) != null && stage.group(3) == null) {
      int block = Integer.parseInt(stage.group(2));
      return Optional.of("layer-%s - conv-%d".formatted(stage.group(1), block + 1));
    }
    return path.equals("stem") ? Optional.of("first conv") : Optional.empty();
  }

  private static void stage(Matcher stage, List<String> aliases) {
    int number = Integer.parseInt(stage.group(1));
    String block = stage.group(2);
    String inner = stage.group(3) == null ? "" : stage.group(3);
    String prefix = "0." + (number + 3) + (block == null ? "" : "." + block);
    aliases.add(prefix + inner);
    if (inner.startsWith(".relu")) {
      // timm's name for the same ReLU
      String act = ".act" + inner.substring(".relu".length());
      aliases.add("layer" + number + "." + block + act);
    }
  }
}
