package io.camjar.weights.torch.script;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What camjar computes for a specification, under the engine's names, in the script's terms. */
final class ExpectedGraph {
  private final ResNetSpec spec;
  private final Map<String, String> canonical;

  private ExpectedGraph(ResNetSpec spec, Map<String, String> canonical) {
    this.spec = spec;
    this.canonical = canonical;
  }

  /**
   * The graph of a specification.
   *
   * @param canonical the engine's names of the tensors by the file's
   */
  static ScriptNode of(ResNetSpec spec, Map<String, String> canonical) {
    return new ExpectedGraph(spec, canonical).network();
  }

  private ScriptNode network() {
    ScriptNode x = stem(new ScriptNode("input", 4, List.of(), Map.of()));
    int in = spec.width();
    for (int stage = 1; stage <= 4; stage++) {
      for (int b = 0; b < spec.depths().get(stage - 1); b++) {
        x = block(x, "layer" + stage + "." + b + ".", stage, b, in);
        in = spec.channels(stage);
      }
    }
    return head(x);
  }

  private ScriptNode stem(ScriptNode input) {
    ScriptNode x = input;
    if (spec.stem() instanceof Stem.Deep) {
      x = relu(normed(x, "conv1.0", 3, 2, "conv1.1"));
      x = relu(normed(x, "conv1.3", 3, 1, "conv1.4"));
      x = normed(x, "conv1.6", 3, 1, "bn1");
    } else {
      x = normed(x, "conv1", 7, 2, "bn1");
    }
    x = relu(x);
    Map<String, Object> values = window(3, 2, 1);
    values.put("dilation", List.of(1L, 1L));
    values.put("ceil_mode", false);
    return node("max pool", values, x);
  }

  private ScriptNode block(ScriptNode x, String path, int stage, int index, int in) {
    int stride = index == 0 && stage > 1 ? 2 : 1;
    ScriptNode y;
    if (spec.block() == BlockKind.BASIC) {
      y = relu(normed(x, path + "conv1", 3, stride, path + "bn1"));
      y = normed(y, path + "conv2", 3, 1, path + "bn2");
    } else {
      y = relu(normed(x, path + "conv1", 1, 1, path + "bn1"));
      y = relu(normed(y, path + "conv2", 3, stride, path + "bn2"));
      y = normed(y, path + "conv3", 1, 1, path + "bn3");
    }
    boolean changes = index == 0 && (stride != 1 || in != spec.channels(stage));
    return relu(node("sum", Map.of(), y, changes ? shortcut(x, path, stride) : x));
  }

  private ScriptNode shortcut(ScriptNode x, String path, int stride) {
    if (spec.shortcut() == Shortcut.CONV) {
      return normed(x, path + "downsample.0", 1, stride, path + "downsample.1");
    }
    ScriptNode pooled = x;
    if (stride > 1) {
      Map<String, Object> values = window(stride, stride, 0);
      values.put("ceil_mode", true);
      pooled = node("average pool", values, x);
    }
    return normed(pooled, path + "downsample.1", 1, 1, path + "downsample.2");
  }

  private ScriptNode head(ScriptNode x) {
    if (spec.head() instanceof LinearHead head) {
      return linear(node("global average", Map.of(), x), "fc", head.bias());
    }
    if (spec.head() instanceof LayeredHead head) {
      return layers(node("global average", Map.of(), x), head.layers(), "fc.");
    }
    if (spec.head() instanceof SequentialHead head) {
      return layers(x, head.layers(), "head.");
    }
    return node("global average", Map.of(), x);
  }

  private static ScriptNode layers(ScriptNode start, List<Op> layers, String path) {
    ScriptNode x = start;
    for (int i = 0; i < layers.size(); i++) {
      Op layer = layers.get(i);
      if (layer instanceof AdaptiveConcatPool2d) {
        x =
            node(
                "concatenation",
                Map.of(),
                node("global maximum", Map.of(), x),
                node("global average", Map.of(), x));
      } else if (layer instanceof AdaptiveAvgPool2d) {
        x = node("global average", Map.of(), x);
      } else if (layer instanceof BatchNorm) {
        x = norm(x, path + i);
      } else if (layer instanceof ReLU) {
        x = relu(x);
      } else if (layer instanceof Linear linear) {
        x = linear(x, path + i, linear.bias());
      }
    }
    return x;
  }

  /**
   * A convolution and the batch norm behind it. Where the file has a bias of the convolution, the
   * bias was taken into the norm's mean; where it has no such norm, it is the norm.
   */
  private ScriptNode normed(ScriptNode x, String path, int kernel, int stride, String norm) {
    if (!canonical.containsValue(norm + ".running_mean")) {
      return convolution(x, path, kernel, stride, norm + ".bias");
    }
    boolean biased =
        canonical.entrySet().stream()
            .anyMatch(
                name ->
                    name.getValue().equals(norm + ".running_mean")
                        && name.getKey().endsWith(".bias"));
    String bias = biased ? norm + ".running_mean" : "";
    return norm(convolution(x, path, kernel, stride, bias), norm);
  }

  private ScriptNode convolution(ScriptNode x, String path, int kernel, int stride, String bias) {
    Map<String, Object> values = new TreeMap<>();
    values.put("weight", path + ".weight");
    values.put("stride", twice(stride));
    values.put("padding", twice(kernel / 2));
    values.put("dilation", twice(1));
    boolean grouped = path.startsWith("layer") && path.endsWith(".conv2");
    values.put("groups", grouped ? (long) spec.groups() : 1L);
    if (!bias.isEmpty()) {
      values.put("bias", bias);
    }
    return node("convolution", values, x);
  }

  private static ScriptNode norm(ScriptNode x, String path) {
    Map<String, Object> values = new TreeMap<>();
    for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
      values.put(name, path + "." + name);
    }
    return node("batch norm", values, x);
  }

  private static ScriptNode linear(ScriptNode x, String path, boolean bias) {
    Map<String, Object> values = new TreeMap<>(Map.of("weight", path + ".weight"));
    if (bias) {
      values.put("bias", path + ".bias");
    }
    return node("linear layer", values, x);
  }

  private static ScriptNode relu(ScriptNode x) {
    return node("relu", Map.of(), x);
  }

  private static Map<String, Object> window(int kernel, int stride, int padding) {
    Map<String, Object> values = new TreeMap<>();
    values.put("kernel_size", twice(kernel));
    values.put("stride", twice(stride));
    values.put("padding", twice(padding));
    return values;
  }

  private static List<Object> twice(long value) {
    return List.of(value, value);
  }

  private static ScriptNode node(String operation, Map<String, Object> values, ScriptNode... in) {
    return new ScriptNode(operation, 0, List.of(in), values);
  }
}
