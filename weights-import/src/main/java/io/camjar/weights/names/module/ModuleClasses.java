package io.camjar.weights.names.module;

import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.names.part.NameMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a file holds whole modules, every one of them must be what camjar computes: its class, and
 * whatever it holds that changes the forward.
 *
 * <p>What names and shapes do not show is in there: an exchanged activation, a stride, the kind of
 * a pool. TorchScript's modules have no such values; their code is compared instead.
 */
public final class ModuleClasses {
  /** Layers that camjar has; their values are compared by {@link ModuleValueCheck}. */
  private static final Set<String> LAYERS =
      Set.of(
          "Conv2d",
          "BatchNorm2d",
          "BatchNorm1d",
          "SyncBatchNorm",
          "FrozenBatchNorm2d",
          "ReLU",
          "MaxPool2d",
          "AvgPool2d",
          "AdaptiveAvgPool2d",
          "AdaptiveMaxPool2d",
          "AdaptiveConcatPool2d",
          "SelectAdaptivePool2d",
          "FastAdaptiveAvgPool2d",
          "Flatten",
          "Lambda",
          "Linear",
          "NonDynamicallyQuantizableLinear");

  /** Classes within the body or the head that only hold others. */
  private static final Set<String> CONTAINERS =
      Set.of(
          "Sequential",
          "BasicBlock",
          "Bottleneck",
          "Module",
          "ModuleList",
          "ResNetBasicLayer",
          "ResNetBottleNeckLayer",
          "ResNetConvLayer",
          "ResNetShortCut",
          "ResNetStage",
          "ClassifierHead",
          "ConvNormAct",
          "Conv2dNormActivation",
          "ConvBNReLU",
          "SEModule",
          "SELayer",
          "SEBasicBlock",
          "SEBottleneck");

  /** What blocks call their activations. */
  private static final Pattern RELU = Pattern.compile("(^|\\.)(relu|act|activation)\\d*$");

  /** Where squeeze and excitation has its sigmoid. */
  private static final Pattern GATE = Pattern.compile("layer[1-4]\\.\\d+\\.se\\.(gate|fc\\.3)");

  private static final Pattern TRAINING =
      Pattern.compile(
          "(?i)(.*\\.)?(criterion|criteria|\\w*loss\\w*|\\w*metrics?|\\w*accuracy|\\w*_acc)(\\..*)?");

  private final Map<String, SavedModule> modules;
  private final NameMapping layout;
  private final ResNetSpec spec;

  /** Where the head's layers stand, which {@link ModuleHeadCheck} compares one by one. */
  private final Optional<String> head;

  private ModuleClasses(Map<String, SavedModule> modules, NameMapping layout, ResNetSpec spec) {
    this.modules = modules;
    this.layout = layout;
    this.spec = spec;
    this.head = ModuleHeadCheck.container(modules, layout);
  }

  /**
   * Compares the modules of a file with the network that its names and shapes say.
   *
   * @throws Malformed naming the first module, attribute and value that camjar does not compute
   */
  public static void check(Map<String, SavedModule> modules, NameMapping layout, ResNetSpec spec) {
    ModuleClasses check = new ModuleClasses(modules, layout, spec);
    modules.forEach(check::check);
    ModuleHeadCheck.check(modules, layout, spec);
  }

  private void check(String path, SavedModule module) {
    if (TRAINING.matcher(path).matches() || module.simpleName().endsWith("Loss")) {
      return;
    }
    ModuleValueCheck.hooks(path, module);
    String simple = module.simpleName();
    Optional<String> canonical =
        layout.canonical(path + ".").map(name -> name.substring(0, name.length() - 1));
    Optional<String> plain = layout.child(path).map(BodyNames.PLAIN::get);
    boolean within = isBlock(parent(path)) || path.contains(".se.");
    if (RELU.matcher(path).find() && SavedModule.NEUTRAL.contains(simple) && within) {
      throw foreign(path, module, "where ReLU is expected");
    }
    boolean nameless = simple.equals("Module"); // what TorchScript calls classes it does not keep
    if (plain.isPresent() && !plain.get().equals(simple) && !nameless) {
      throw foreign(path, module, "where " + plain.get() + " is expected");
    }
    boolean computes =
        LAYERS.contains(simple)
            || head.filter(row -> path.lastIndexOf('.') == row.length() && path.startsWith(row))
                .isPresent()
            || SavedModule.NEUTRAL.contains(simple)
            || FinalActivation.isLast(modules, path)
            || (simple.equals("Sigmoid") && GATE.matcher(canonical.orElse("")).matches());
    boolean holds =
        canonical.isPresent()
            ? CONTAINERS.contains(simple)
            : !module.isLeaf() || nameless || path.isEmpty();
    if (module.isOwn() && (module.isLeaf() || !holds)) {
      throw own(path, module);
    }
    if (!computes && !holds) {
      throw foreign(path, module, "which camjar does not run");
    }
    ModuleValueCheck.values(path, module, canonical.orElse(""), spec, parent(path));
  }

  private static boolean isBlock(Optional<SavedModule> module) {
    return module
        .map(SavedModule::simpleName)
        .filter(name -> name.contains("Block") || name.contains("Bottleneck"))
        .isPresent();
  }

  private Optional<SavedModule> parent(String path) {
    int dot = path.lastIndexOf('.');
    return Optional.ofNullable(modules.get(dot < 0 ? "" : path.substring(0, dot)));
  }

  /** Layers that change no feature of a flat row when not training. */
  public static boolean isNeutralInHead(SavedModule module) {
    return !module.isOwn()
        && (SavedModule.NEUTRAL.contains(module.simpleName())
            || module.simpleName().equals("Flatten"));
  }

  /**
   * Why a layer of somebody's own class is refused, whatever it is called. Blocks of such classes
   * are written after published ones, and are taken for them.
   */
  static Malformed own(String path, SavedModule module) {
    return new Malformed(
        "has a layer of class %s at '%s', whose forward is not in the file"
            .formatted(module.type(), path),
        "save the state_dict if the network computes what the published one does, otherwise export it to ONNX");
  }

  /**
   * The refusal of a layer of a class that has no place there.
   *
   * @param why what its path says of the place
   */
  static Malformed foreign(String path, SavedModule module, String why) {
    return new Malformed(
        "has a layer of class " + module.type() + " at '" + path + "', " + why,
        remedy(module.type(), module.simpleName()));
  }

  private static String remedy(String type, String simple) {
    if (type.toLowerCase(java.util.Locale.ROOT).contains("quant")) {
      return "give the floating-point model from which the quantised one was made";
    }
    return List.of("ReLU6", "LeakyReLU", "PReLU", "GELU", "SiLU", "ELU").contains(simple)
        ? "use a ResNet whose activations are ReLU"
        : "use a ResNet of torchvision, timm or fastai";
  }
}
