package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Resize;
import io.camjar.engine.op.Shape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Known;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images of another size. */
final class ResizeNodes {
  private ResizeNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of("Resize", single(ResizeNodes::resize), "Upsample", single(ResizeNodes::upsample));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** How a node finds values between pixels. */
  private record Way(
      Resize.Mode mode, Resize.Coordinates coordinates, Resize.Rounding rounding, double cubic) {
    Resize to(List<Long> size, List<Double> scale) {
      return new Resize(mode, coordinates, rounding, cubic, size, scale);
    }
  }

  /** The only one before opset 10; its places are not those of pixels' centres. */
  private static Value upsample(Call call) {
    double[] scales =
        call.has(1)
            ? call.constant(1).values()
            : call.attributes().reals("scales").stream().mapToDouble(v -> v).toArray();
    Way way =
        new Way(
            mode(call), Resize.Coordinates.ASYMMETRIC, Resize.Rounding.FLOOR, Resize.PYTORCH_CUBIC);
    return byScales(call, way, scales);
  }

  private static Value resize(Call call) {
    if (call.opset() < 11) {
      return upsample(call);
    }
    Attributes node = call.attributes();
    if (node.flag("exclude_outside", false) || node.flag("antialias", false)) {
      throw call.refuse("resizes with a filter, or without pixels outside");
    }
    String policy = node.text("keep_aspect_ratio_policy", "stretch");
    if (!policy.equals("stretch")) {
      throw call.refuse("keeps the image's proportions (%s)".formatted(policy));
    }
    Way way =
        new Way(
            mode(call),
            coordinates(call, node.text("coordinate_transformation_mode", "half_pixel")),
            rounding(call, node.text("nearest_mode", "round_prefer_floor")),
            node.real("cubic_coeff_a", Resize.PYTORCH_CUBIC));
    boolean scaled = call.has(2) && call.known(2).at(0).elements() > 0;
    return scaled
        ? byScales(call, way, ofAllAxes(call, call.constant(2).values()))
        : bySizes(call, way, ofAllAxes(call, call.known(3)));
  }

  /** The factors of all sides, where since opset 18 some are named and the others stay. */
  private static double[] ofAllAxes(Call call, double[] given) {
    Optional<int[]> axes = axes(call, given.length);
    if (axes.isEmpty()) {
      return given;
    }
    double[] scales = new double[call.x().rank()];
    Arrays.fill(scales, 1);
    for (int i = 0; i < given.length; i++) {
      scales[axes.get()[i]] = given[i];
    }
    return scales;
  }

  private static Known ofAllAxes(Call call, Known given) {
    int count = given.at(0).integers().length;
    Optional<int[]> axes = axes(call, count);
    if (axes.isEmpty()) {
      return given;
    }
    List<Constant> byProbe = new ArrayList<>();
    for (int probe = 0; probe < call.probes(); probe++) {
      long[] sizes = call.x().shapes().get(probe).toArray();
      for (int i = 0; i < count; i++) {
        sizes[axes.get()[i]] = given.at(probe).integers()[i];
      }
      byProbe.add(Constant.ofIntegers(sizes, sizes.length));
    }
    return new Known(byProbe);
  }

  private static Optional<int[]> axes(Call call, int count) {
    Optional<int[]> axes =
        call.attributes()
            .integers("axes")
            .map(all -> all.stream().mapToInt(axis -> Axes.of(axis, call.x().rank())).toArray());
    if (axes.isPresent() && axes.get().length != count) {
      throw Malformed.damaged(
          "node '%s' names %d axes for %d sizes"
              .formatted(call.node().label(), axes.get().length, count));
    }
    return axes;
  }

  private static Resize.Mode mode(Call call) {
    String mode = call.attributes().text("mode", "nearest");
    return switch (mode) {
      case "linear", "bilinear" -> Resize.Mode.BILINEAR;
      case "cubic" -> Resize.Mode.BICUBIC;
      case "nearest" -> Resize.Mode.NEAREST;
      default -> throw call.refuse("resizes by " + mode);
    };
  }

  private static Resize.Coordinates coordinates(Call call, String name) {
    return switch (name) {
      case "half_pixel" -> Resize.Coordinates.HALF_PIXEL;
      case "pytorch_half_pixel" -> Resize.Coordinates.PYTORCH_HALF_PIXEL;
      case "align_corners" -> Resize.Coordinates.ALIGN_CORNERS;
      case "asymmetric" -> Resize.Coordinates.ASYMMETRIC;
      default -> throw call.refuse("places pixels by " + name);
    };
  }

  private static Resize.Rounding rounding(Call call, String name) {
    return switch (name) {
      case "floor" -> Resize.Rounding.FLOOR;
      case "ceil" -> Resize.Rounding.CEIL;
      case "round_prefer_floor" -> Resize.Rounding.ROUND_PREFER_FLOOR;
      case "round_prefer_ceil" -> Resize.Rounding.ROUND_PREFER_CEIL;
      default -> throw call.refuse("takes the nearest pixel by " + name);
    };
  }

  private static Value byScales(Call call, Way way, double[] scales) {
    Traced x = images(call);
    boolean fits =
        scales.length == 4 && scales[0] == 1 && scales[1] == 1 && scales[2] > 0 && scales[3] > 0;
    if (!fits || scales[2] > 64 || scales[3] > 64) {
      throw call.refuse("resizes by " + Arrays.toString(scales));
    }
    return scales[2] == 1 && scales[3] == 1
        ? x
        : call.emit(way.to(List.of(), List.of(scales[2], scales[3])), x);
  }

  private static Value bySizes(Call call, Way way, Known sizes) {
    Traced x = images(call);
    long[] first = sizes.at(0).integers();
    if (first.length != 4 || first[2] > 1 << 14 || first[3] > 1 << 14) {
      throw call.refuse("resizes to " + Arrays.toString(first));
    }
    if (isFixed(sizes, 2) && isFixed(sizes, 3)) {
      return call.emit(way.to(List.of(first[2], first[3]), List.of()), x);
    }
    List<Double> scale = List.of(factor(call, x, sizes, 2), factor(call, x, sizes, 3));
    return call.emit(way.to(List.of(), scale), x);
  }

  private static boolean isFixed(Known sizes, int axis) {
    long first = sizes.at(0).integers()[axis];
    return sizes.byProbe().stream().map(Constant::integers).allMatch(all -> all[axis] == first);
  }

  /**
   * The factor by which a side grows, exact at all probes. The size of another feature map that was
   * halved with rounding has none, or one at even sizes alone.
   */
  private static double factor(Call call, Traced x, Known sizes, int axis) {
    long to = sizes.at(0).integers()[axis];
    long from = x.shape().side(axis);
    for (int probe = 0; probe < call.probes(); probe++) {
      Shape shape = x.shapes().get(probe);
      if (sizes.at(probe).integers()[axis] * from != shape.side(axis) * to) {
        throw call.refuse("resizes by no constant factor");
      }
    }
    return to / (double) from;
  }

  private static Traced images(Call call) {
    Traced x = call.x();
    if (x.rank() != 4) {
      throw call.refuse("resizes a tensor of %d dimensions".formatted(x.rank()));
    }
    return x;
  }
}
