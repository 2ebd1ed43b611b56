package io.camjar.weights.names.module;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.CELU;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Tanh;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.tensor.TensorEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The layers of a classifier that was saved whole, as the operations that compute the same. */
public final class HeadOps {
  private static final int MAX_FEATURES = 1 << 20;

  /** Of which layers camjar has some alone, by their classes. */
  private static final Map<String, String> SOME =
      Map.of(
          "BatchNorm1d", "with a weight and a bias (affine=True)",
          "SyncBatchNorm", "with a weight and a bias (affine=True)",
          "LayerNorm", "over the last side, with a weight and a bias or neither",
          "Conv2d", "of 1x1",
          "AdaptiveAvgPool2d", "to 1x1",
          "Flatten", "of all sides but the batch",
          "GELU", "exact or by tanh");

  private final SavedModule module;
  private final Map<String, TensorEntry> own;

  private HeadOps(SavedModule module, Map<String, TensorEntry> own) {
    this.module = module;
    this.own = own;
  }

  /**
   * The operation of a layer; empty if there is none, or if its class is somebody's own.
   *
   * @param own its tensors by the last part of their names
   */
  public static Optional<Op> of(SavedModule module, Map<String, TensorEntry> own) {
    return module.isOwn() ? Optional.empty() : Optional.ofNullable(new HeadOps(module, own).op());
  }

  /** Why a layer is none that camjar computes: of another class, or with other attributes. */
  public static Malformed refusal(String path, SavedModule module) {
    if (module.isOwn()) {
      return ModuleClasses.own(path, module);
    }
    String some = SOME.get(module.simpleName());
    return new Malformed(
        "has a layer of class %s at '%s', which camjar has %s"
            .formatted(
                module.type(), path, some == null ? "not in a head" : "in a head only " + some),
        "export the network to ONNX");
  }

  private @Nullable Op op() {
    return switch (module.simpleName()) {
      case "Linear", "NonDynamicallyQuantizableLinear" -> linear();
      case "BatchNorm1d", "SyncBatchNorm" -> batchNorm();
      case "LayerNorm" -> layerNorm();
      case "LayerNorm2d" -> length("weight") > 0 ? new LayerNorm2d(length("weight"), eps()) : null;
      case "Conv2d" -> pointwise();
      case "AdaptiveAvgPool2d" ->
          List.of(1L, List.of(1L, 1L)).contains(value("output_size", 1L))
              ? new AdaptiveAvgPool2d()
              : null;
      case "Flatten" ->
          value("start_dim", 1L).equals(1L) && value("end_dim", -1L).equals(-1L)
              ? new Flatten()
              : null;
      case "PReLU" -> length("weight") > 0 ? new PReLU(length("weight")) : null;
      default -> SavedModule.NEUTRAL.contains(module.simpleName()) ? dropout() : activation();
    };
  }

  private @Nullable Op activation() {
    return switch (module.simpleName()) {
      case "ReLU" -> new ReLU();
      case "ReLU6" -> Clip.relu6();
      case "LeakyReLU" -> new LeakyReLU(number("negative_slope", 0.01));
      case "GELU" -> {
        Object approximate = value("approximate", "none");
        yield List.of("none", "tanh").contains(approximate)
            ? new GELU(approximate.equals("tanh"))
            : null;
      }
      case "SiLU" -> new SiLU();
      case "Hardswish" -> new Hardswish();
      case "Hardsigmoid" -> new Hardsigmoid();
      case "Sigmoid" -> new Sigmoid();
      case "Tanh" -> new Tanh();
      case "ELU" -> new ELU(number("alpha", 1));
      case "CELU" -> new CELU(number("alpha", 1));
      case "SELU" -> SELU.standard();
      default -> null;
    };
  }

  private @Nullable Op linear() {
    TensorEntry weight = own.get("weight");
    return weight != null && weight.rank() == 2 && isUsable(weight)
        ? new Linear((int) weight.size(1), (int) weight.size(0), own.containsKey("bias"))
        : null;
  }

  private @Nullable Op batchNorm() {
    int features = length("weight");
    return features > 0
        ? new BatchNorm(1, features, number("eps", BatchNorm.EPS), BatchNorm.MOMENTUM)
        : null;
  }

  /** Over the last side alone, which is that of a row of features. */
  private @Nullable Op layerNorm() {
    Object shape = value("normalized_shape", List.of((long) length("weight")));
    return shape instanceof List<?> sides
            && sides.size() == 1
            && sides.get(0) instanceof Long features
            && features > 0
            && features <= MAX_FEATURES
            && own.containsKey("weight") == own.containsKey("bias")
        ? new LayerNorm(List.of(features), eps(), own.containsKey("weight"))
        : null;
  }

  private double eps() {
    return number("eps", 1e-5);
  }

  /** A convolution of 1x1, which scores each place by itself. */
  private @Nullable Op pointwise() {
    TensorEntry weight = own.get("weight");
    return weight != null && weight.rank() == 4 && weight.size(2) == 1 && isUsable(weight)
        ? new Conv2d(
            Conv2dGeometry.square((int) weight.size(1), (int) weight.size(0), 1, 1, 0),
            own.containsKey("bias"))
        : null;
  }

  private Op dropout() {
    double share = number("p", 0);
    return new Dropout(share >= 0 && share < 1 ? share : 0);
  }

  private static boolean isUsable(TensorEntry weight) {
    return weight.size(0) > 0
        && weight.size(0) <= MAX_FEATURES
        && weight.size(1) > 0
        && weight.size(1) <= MAX_FEATURES;
  }

  /** The length of a row of numbers; 0 where it is none. */
  private int length(String name) {
    TensorEntry row = own.get(name);
    return row != null && row.rank() == 1 && row.size(0) <= MAX_FEATURES ? (int) row.size(0) : 0;
  }

  private Object value(String name, Object otherwise) {
    return module.value(name).orElse(otherwise);
  }

  private double number(String name, double otherwise) {
    return value(name, otherwise) instanceof Number number ? number.doubleValue() : otherwise;
  }
}
