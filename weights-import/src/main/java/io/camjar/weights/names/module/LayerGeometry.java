package io.camjar.weights.names.module;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.Shortcut;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strides that camjar computes a network's convolutions with, by canonical path. */
final class LayerGeometry {
  private static final Pattern BLOCK =
      Pattern.compile("layer([1-4])\\.(\\d+)\\.(conv([123])|downsample\\.([012]))");

  private static final Pattern GATE = Pattern.compile("layer[1-4]\\.\\d+\\.se\\.fc[12]");

  private LayerGeometry() {}

  /** The groups of a convolution. */
  static int groups(ResNetSpec spec, String path) {
    Matcher block = BLOCK.matcher(path);
    return block.matches() && "2".equals(block.group(4)) ? spec.groups() : 1;
  }

  /** The stride of a convolution; empty for a path that is none. */
  static Optional<Integer> stride(ResNetSpec spec, String path) {
    if (path.equals("conv1") || path.equals("conv1.0")) {
      return Optional.of(2);
    }
    if (path.equals("conv1.3") || path.equals("conv1.6")) {
      return Optional.of(1);
    }
    if (GATE.matcher(path).matches()) {
      return Optional.of(1);
    }
    Matcher block = BLOCK.matcher(path);
    if (!block.matches()) {
      return Optional.empty();
    }
    boolean halves = !block.group(1).equals("1") && block.group(2).equals("0");
    if (block.group(5) != null) {
      return Optional.of(halves && spec.shortcut() == Shortcut.CONV ? 2 : 1);
    }
    String strided = spec.block() == BlockKind.BASIC ? "1" : "2";
    return Optional.of(halves && block.group(4).equals(strided) ? 2 : 1);
  }

  /** The stride of the pool in a pooled shortcut; empty for a path that is none. */
  static Optional<Integer> pooledShortcut(ResNetSpec spec, String path) {
    Matcher block = BLOCK.matcher(path);
    boolean pool =
        block.matches() && "0".equals(block.group(5)) && spec.shortcut() == Shortcut.AVG_POOL_CONV;
    return pool ? Optional.of(block.group(1).equals("1") ? 1 : 2) : Optional.empty();
  }
}
