package io.camjar.weights.module;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One module of a network that was saved whole.
 *
 * @param type its class with its Python module, {@code torch.nn.modules.conv.Conv2d}
 * @param values its attributes as plain values: Long, Double, Boolean, String, lists of these, and
 *     {@link #NONE}; the class's name for anything else
 * @param children the names of its children, in the order in which they were added
 */
public record SavedModule(String type, Map<String, Object> values, List<String> children) {
  /** Python's None. */
  public static final String NONE = "None";

  /** What stands in front of the name of a class whose code a script holds. */
  public static final String SCRIPT = "__torch__.";

  /** PyTorch and packages on it, whose classes do what their names say. */
  private static final Set<String> LIBRARIES =
      Set.of(
          "torch",
          "torchvision",
          "timm",
          "fastai",
          "fastai2",
          "transformers",
          "pretrainedmodels",
          "pytorch_lightning",
          "lightning",
          "apex",
          "mmcv",
          "mmengine",
          "mmcls",
          "mmpretrain",
          "segmentation_models_pytorch");

  /** Layers that do nothing when not training. */
  public static final Set<String> NEUTRAL =
      Set.of(
          "Identity",
          "Dropout",
          "Dropout1d",
          "Dropout2d",
          "Dropout3d",
          "AlphaDropout",
          "FeatureAlphaDropout",
          "DropPath",
          "StochasticDepth",
          "DropBlock2d",
          "DropBlock2D");

  public SavedModule {
    values = Map.copyOf(values);
    children = List.copyOf(children);
  }

  /** A module of that class of which nothing else is known. */
  public static SavedModule of(String type) {
    return new SavedModule(type, Map.of(), List.of());
  }

  /** The same with another value of an attribute. */
  public SavedModule with(String name, Object value) {
    Map<String, Object> other = new HashMap<>(values);
    other.put(name, value);
    return new SavedModule(type, other, children);
  }

  /** The class's own name, {@code Conv2d}. */
  public String simpleName() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** Whether the class is one of PyTorch or of a library on it. */
  public boolean isOfLibrary() {
    return LIBRARIES.contains(type.substring(0, Math.max(0, type.indexOf('.'))));
  }

  /**
   * Whether nobody can say what the class computes: it is somebody's own, such as {@code
   * __main__.GELU}, and not a script's, so that its code is not in the file. {@link #isHarmless}
   * has exceptions.
   */
  public boolean isOwn() {
    return !isOfLibrary() && !type.startsWith(SCRIPT) && !isHarmless();
  }

  /**
   * Whether it is a layer of somebody's own that is called as one that changes no value, such as
   * the {@code Flatten} and {@code DropPath} of many repositories. It is taken for that one, which
   * is said.
   */
  public boolean isHarmless() {
    return isLeaf()
        && !isOfLibrary()
        && (NEUTRAL.contains(simpleName()) || simpleName().equals("Flatten"));
  }

  /** Whether it is PyTorch's {@code Sequential}, which calls its children one after another. */
  public boolean isSequential() {
    return simpleName().equals("Sequential") && !isOwn();
  }

  /** The attribute of that name. */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Whether it holds no other modules. */
  public boolean isLeaf() {
    return children.isEmpty();
  }
}
