package io.camjar.weights.names;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of tensors in the spelling of PyTorch's state dicts, from other programs' spellings that
 * say the same: paths with slashes, blocks with underscores, batch norms as Gluon and Paddle name
 * them.
 */
final class TensorSpelling {
  private static final Pattern FLAT_BLOCK =
      Pattern.compile("(?<=layer[1-4])_(\\d{1,4})_(?=(conv|bn|downsample))");
  private static final Pattern FLAT_SHORTCUT = Pattern.compile("(?<=downsample)_(?=\\d)");
  private static final Pattern FLAT_END =
      Pattern.compile("_(weight|bias|running_mean|running_var|num_batches_tracked)$");

  /** What others call the tensors of a batch norm. */
  private static final Map<String, String> NORM =
      Map.of(
          "gamma", "weight",
          "beta", "bias",
          "_mean", "running_mean",
          "_variance", "running_var");

  private TensorSpelling() {}

  /** The usual spelling by the name in the file; the name itself where it is usual already. */
  static Map<String, String> of(Set<String> names) {
    boolean slashes = names.stream().noneMatch(name -> name.contains("."));
    boolean flat = names.stream().anyMatch(name -> FLAT_BLOCK.matcher(name).find());
    Map<String, String> spelt = new LinkedHashMap<>();
    for (String name : names) {
      String plain = slashes ? name.replace('/', '.') : name;
      spelt.put(name, flat ? withDots(plain) : plain);
    }
    Set<String> known = new HashSet<>(spelt.values());
    spelt.replaceAll((name, plain) -> ofNorm(plain, known));
    return spelt;
  }

  private static String withDots(String name) {
    String blocks = FLAT_BLOCK.matcher(name).replaceAll(".$1.");
    String shortcuts = FLAT_SHORTCUT.matcher(blocks).replaceAll(".");
    return FLAT_END.matcher(shortcuts).replaceAll(".$1");
  }

  /** Only where the module has running statistics too is a gamma that of a batch norm. */
  private static String ofNorm(String name, Set<String> known) {
    int dot = name.lastIndexOf('.') + 1;
    String module = name.substring(0, dot);
    String usual = NORM.get(name.substring(dot));
    boolean statistics =
        (known.contains(module + "running_mean") && known.contains(module + "running_var"))
            || (known.contains(module + "_mean") && known.contains(module + "_variance"));
    return usual == null || dot == 0 || !statistics ? name : module + usual;
  }
}
