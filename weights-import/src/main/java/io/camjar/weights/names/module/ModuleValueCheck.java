package io.camjar.weights.names.module;

import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import java.util.List;
import java.util.Optional;

/** The values of a saved layer that change its forward, each compared with what is computed. */
final class ModuleValueCheck {
  private static final List<String> REPARAMETRISATIONS =
      List.of(
          "torch.nn.utils.weight_norm.WeightNorm",
          "torch.nn.utils.spectral_norm.SpectralNorm",
          "torch.nn.utils.prune.");

  private final String path;
  private final SavedModule module;

  private ModuleValueCheck(String path, SavedModule module) {
    this.path = path;
    this.module = module;
  }

  /** Refuses what may compute anything: hooks and exchanged methods. */
  static void hooks(String path, SavedModule module) {
    for (String name : new String[] {"_forward_hooks", "_forward_pre_hooks"}) {
      if (module.value(name).orElse(List.of()) instanceof List<?> hooks) {
        for (Object hook : hooks) {
          if (REPARAMETRISATIONS.stream().noneMatch(known -> hook.toString().startsWith(known))) {
            throw new Malformed(
                "has the hook "
                    + hook
                    + " on its layer '"
                    + path
                    + "' ("
                    + name
                    + "), which may change what is computed",
                "remove the hook before saving, or save the state_dict");
          }
        }
      }
    }
    for (String name : new String[] {"forward", "_call_impl", "__call__"}) {
      if (module.values().containsKey(name)) {
        throw new Malformed(
            "has an exchanged method '" + name + "' on its layer '" + path + "'",
            "save the state_dict if the forward is that of an ordinary ResNet");
      }
    }
  }

  /**
   * Compares the values of a layer.
   *
   * @param canonical its path in the engine, empty if it has none
   * @param parent the module that holds it
   */
  static void values(
      String path,
      SavedModule module,
      String canonical,
      ResNetSpec spec,
      Optional<SavedModule> parent) {
    ModuleValueCheck check = new ModuleValueCheck(path, module);
    switch (module.simpleName()) {
      case "Conv2d" ->
          check.convolution(
              LayerGeometry.stride(spec, canonical), LayerGeometry.groups(spec, canonical));
      case "BatchNorm1d", "BatchNorm2d", "SyncBatchNorm" -> check.norm();
      case "MaxPool2d" -> check.maxPool();
      case "AvgPool2d" ->
          check.averagePool(LayerGeometry.pooledShortcut(spec, canonical), canonical);
      case "AdaptiveAvgPool2d", "FastAdaptiveAvgPool2d" -> check.cells("output_size");
      case "AdaptiveMaxPool2d" -> check.adaptiveMaxPool(parent);
      case "AdaptiveConcatPool2d" -> {
        check.cells("output_size");
        check.cells("size");
      }
      case "SelectAdaptivePool2d" -> check.selected();
      case "Flatten" -> {
        check.same("start_dim", 1L);
        check.same("end_dim", -1L);
        check.same("full", false);
      }
      case "Lambda" -> check.lambda();
      case "SEModule" -> check.same("add_maxpool", false);
      default -> {
        // No value of a linear layer, a ReLU or a container changes what it computes.
      }
    }
  }

  private void convolution(Optional<Integer> stride, long groups) {
    if (stride.isPresent()) {
      pair("stride", stride.get());
      pair("dilation", 1);
      same("groups", groups);
      same("transposed", false);
      padding(stride.get());
    }
  }

  private void padding(int stride) {
    long kernel = number("kernel_size").orElse(1L);
    Object padding = module.value("padding").orElse(kernel / 2);
    if (padding.equals("same")) {
      if (stride != 1 || kernel % 2 == 0) {
        throw other("padding", padding);
      }
    } else if (padding.equals("valid")) {
      if (kernel / 2 != 0) {
        throw other("padding", padding);
      }
    } else {
      pair("padding", kernel / 2);
    }
    if (kernel / 2 > 0) {
      same("padding_mode", "zeros");
    }
  }

  private void norm() {
    same("track_running_stats", true);
    if (module.value("running_mean").equals(Optional.of(SavedModule.NONE))) {
      throw new Malformed(
          "has a batch norm at '" + path + "' without running statistics (running_mean is None)",
          "train it with track_running_stats=True");
    }
  }

  private void maxPool() {
    pair("kernel_size", 3);
    if (!module.value("stride").equals(Optional.of(SavedModule.NONE))) {
      pair("stride", 2);
    } else {
      throw other("stride", SavedModule.NONE);
    }
    pair("padding", 1);
    pair("dilation", 1);
    same("ceil_mode", false);
    same("return_indices", false);
  }

  private void averagePool(Optional<Integer> shortcut, String canonical) {
    if (shortcut.isEmpty()) {
      long side = number("kernel_size").orElse(0L);
      throw new Malformed(
          "has AvgPool2d at '"
              + path
              + "' with kernel_size "
              + module.value("kernel_size").orElse("?")
              + ", which averages that window only"
              + (isInStage(canonical) ? "" : ", where camjar averages the whole map"),
          isInStage(canonical)
              ? "use a ResNet of torchvision, timm or fastai"
              : "use AdaptiveAvgPool2d(1)"
                  + (side > 0
                      ? ", which gives the same for inputs of %1$d x %1$d".formatted(32 * side)
                      : ""));
    }
    pair("kernel_size", shortcut.get());
    if (!module.value("stride").equals(Optional.of(SavedModule.NONE))) {
      pair("stride", shortcut.get());
    }
    pair("padding", 0);
    if (shortcut.get() > 1) {
      same("ceil_mode", true);
    }
    same("divisor_override", SavedModule.NONE);
  }

  private static boolean isInStage(String canonical) {
    return canonical.startsWith("layer");
  }

  private void adaptiveMaxPool(Optional<SavedModule> parent) {
    boolean half = parent.filter(p -> p.simpleName().equals("AdaptiveConcatPool2d")).isPresent();
    if (!half) {
      throw ModuleClasses.foreign(path, module, "a maximum where camjar computes an average");
    }
    cells("output_size");
    same("return_indices", false);
  }

  private void selected() {
    Object type = module.value("pool_type").orElse("avg");
    if (!List.of("avg", "fast", "fastavg").contains(type)) {
      throw other("pool_type", type);
    }
    cells("output_size");
  }

  private void lambda() {
    Object function = module.value("func").orElse("?");
    if (!function.toString().toLowerCase(java.util.Locale.ROOT).endsWith("flatten")) {
      throw other("func", function);
    }
  }

  /** One cell: {@code 1} or {@code (1, 1)}. */
  private void cells(String name) {
    pair(name, 1);
  }

  private void pair(String name, long expected) {
    Object value = module.value(name).orElse(expected);
    boolean same =
        value instanceof List<?> list
            ? !list.isEmpty() && list.stream().allMatch(Long.valueOf(expected)::equals)
            : value.equals(expected);
    if (!same) {
      throw other(name, value);
    }
  }

  private void same(String name, Object expected) {
    Object value = module.value(name).orElse(expected);
    if (!value.equals(expected)) {
      throw other(name, value);
    }
  }

  private Optional<Long> number(String name) {
    Object value = module.value(name).orElse("");
    Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
    return first instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  private Malformed other(String name, Object value) {
    return new Malformed(
        "has the layer '"
            + path
            + "' ("
            + module.simpleName()
            + ") with "
            + name
            + " "
            + value
            + ", which camjar's ResNets do not have",
        "use a ResNet of torchvision, timm or fastai");
  }
}
