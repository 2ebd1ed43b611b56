package io.camjar.weights.names.module;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.module.SavedModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PyTorch's classes that compute an operation, and the attributes they must have to do so.
 *
 * @param classes their own names
 * @param attributes by PyTorch's name; a list for those of height and width
 */
record OpAttributes(Set<String> classes, Map<String, Object> attributes) {

  /** Those of an operation. */
  static OpAttributes of(Op op) {
    if (op instanceof Conv2d conv) {
      return of(conv);
    } else if (op instanceof BatchNorm norm) {
      return named("BatchNorm2d", "BatchNorm1d", "SyncBatchNorm", "FrozenBatchNorm2d")
          .with("eps", norm.eps())
          .with("track_running_stats", true);
    } else if (op instanceof MaxPool2d pool) {
      return of("MaxPool2d", pool.geometry())
          .with("dilation", pair(pool.dilationH(), pool.dilationW()))
          .with("return_indices", false);
    } else if (op instanceof AvgPool2d pool) {
      boolean padded = pool.geometry().padH() > 0 || pool.geometry().padW() > 0;
      OpAttributes plain =
          of("AvgPool2d", pool.geometry()).with("divisor_override", SavedModule.NONE);
      return padded ? plain.with("count_include_pad", pool.countPadding()) : plain;
    } else if (op instanceof AdaptiveAvgPool2d pool) {
      return named("AdaptiveAvgPool2d").with("output_size", pair(pool.height(), pool.width()));
    } else if (op instanceof LayerNorm norm) {
      return named("LayerNorm").with("eps", norm.eps());
    } else if (op instanceof GELU gelu) {
      return named("GELU").with("approximate", gelu.tanh() ? "tanh" : "none");
    } else if (op instanceof LeakyReLU relu) {
      return named("LeakyReLU").with("negative_slope", relu.slope());
    } else if (op instanceof ELU elu) {
      return named("ELU").with("alpha", elu.alpha());
    } else if (op instanceof ReLU) {
      return named("ReLU");
    } else if (op instanceof Linear) {
      return named("Linear", "NonDynamicallyQuantizableLinear");
    } else if (op instanceof Transpose transpose) {
      return named("Permute")
          .with("dims", transpose.permutation().stream().map(Integer::longValue).toList());
    }
    return named(op.kind());
  }

  private static OpAttributes of(Conv2d conv) {
    Conv2dGeometry g = conv.geometry();
    return named("Conv2d")
        .with("stride", pair(g.strideH(), g.strideW()))
        .with("padding", pair(g.padH(), g.padW()))
        .with("dilation", pair(g.dilationH(), g.dilationW()))
        .with("groups", (long) conv.groups())
        .with("transposed", false)
        .with("padding_mode", "zeros");
  }

  private static OpAttributes of(String pool, Pool2dGeometry g) {
    return named(pool)
        .with("kernel_size", pair(g.kernelH(), g.kernelW()))
        .with("stride", pair(g.strideH(), g.strideW()))
        .with("padding", pair(g.padH(), g.padW()))
        .with("ceil_mode", g.ceilMode());
  }

  private static List<Long> pair(long height, long width) {
    return List.of(height, width);
  }

  private static OpAttributes named(String... classes) {
    return new OpAttributes(Set.of(classes), Map.of());
  }

  private OpAttributes with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new OpAttributes(classes, more);
  }

  /** What a layer has that the operation has not: {@code stride [1, 1], expected [2, 2]}. */
  Optional<String> difference(SavedModule module) {
    if (!classes.contains(module.simpleName())) {
      return Optional.of(
          "class %s, expected %s".formatted(module.simpleName(), String.join(" or ", classes)));
    }
    return attributes.entrySet().stream()
        .filter(one -> !isSame(value(module, one.getKey(), one.getValue()), one.getValue()))
        .map(
            one ->
                "%s %s, expected %s"
                    .formatted(one.getKey(), module.value(one.getKey()).orElse(""), one.getValue()))
        .findFirst();
  }

  /** A pool's stride of None is its window. */
  private static Object value(SavedModule module, String name, Object otherwise) {
    Object value = module.value(name).orElse(otherwise);
    return name.equals("stride") && value.equals(SavedModule.NONE)
        ? module.value("kernel_size").orElse(value)
        : value;
  }

  private static boolean isSame(Object found, Object expected) {
    if (expected instanceof List<?> sides && !(found instanceof List<?>)) {
      return sides.stream().allMatch(found::equals);
    }
    return found.equals(expected);
  }
}
