package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * ConvNeXt (Liu et al., arXiv 2201.03545).
 *
 * @param name such as {@code convnext_tiny}
 * @param depths blocks of each stage
 * @param widths channels of each stage
 * @param inChannels of the image
 * @param classes scored
 */
record ConvNeXtSpec(
    String name, List<Integer> depths, List<Integer> widths, int inChannels, int classes)
    implements FamilySpec {
  private static final double EPS = 1e-6;

  static Family family() {
    Map<String, PublishedFamily.Maker> members = new LinkedHashMap<>();
    members.put("convnext_tiny", maker(List.of(3, 3, 9, 3), 96));
    members.put("convnext_small", maker(List.of(3, 3, 27, 3), 96));
    members.put("convnext_base", maker(List.of(3, 3, 27, 3), 128));
    members.put("convnext_large", maker(List.of(3, 3, 27, 3), 192));
    return new PublishedFamily(
        "ConvNeXt", "features.0.0.weight", "classifier.2.weight", members, ConvNeXtSpec::other);
  }

  /** Any widths and depths. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    List<Integer> depths = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    for (int at = 1; shapes.has("features.%d.0.block.0.weight".formatted(at)); at += 2) {
      depths.add(shapes.numbers("features.%d.#.block.0.weight".formatted(at)).size());
      widths.add(shapes.side("features.%d.0.block.0.weight".formatted(at), 0, 1));
    }
    if (depths.isEmpty()) {
      return Optional.empty();
    }
    int inChannels = shapes.side("features.0.0.weight", 1, 3);
    int classes = shapes.side("classifier.2.weight", 0, 1);
    return Optional.of(new ConvNeXtSpec("convnext", depths, widths, inChannels, classes));
  }

  private static PublishedFamily.Maker maker(List<Integer> depths, int width) {
    List<Integer> widths = List.of(width, 2 * width, 4 * width, 8 * width);
    return (name, channels, classes) -> new ConvNeXtSpec(name, depths, widths, channels, classes);
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("features\\.\\d+");
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules();
    int features = widths.get(widths.size() - 1);
    return modules.network(
        image -> {
          int y = modules.sequential("features", image, x -> features(modules, x));
          y = modules.op("avgpool", new AdaptiveAvgPool2d(), y);
          return modules.sequential(
              "classifier",
              y,
              x -> {
                int z = modules.op("0", new LayerNorm2d(features, EPS), x);
                z = modules.op("1", new Flatten(), z);
                return modules.op("2", new Linear(features, classes, true), z);
              });
        });
  }

  private int features(Modules modules, int image) {
    int first = widths.get(0);
    int y =
        modules.scope(
            "0",
            "Conv2dNormActivation",
            image,
            x -> {
              int z = modules.conv("0", inChannels, first, 4, 4, 0, true, x);
              return modules.op("1", new LayerNorm2d(first, EPS), z);
            });
    int at = 1;
    for (int s = 0; s < depths.size(); s++) {
      int width = widths.get(s);
      y =
          modules.sequential(
              Integer.toString(at++),
              depths.get(s),
              y,
              (i, x) -> block(modules, Integer.toString(i), width, x));
      if (s + 1 < depths.size()) {
        int next = widths.get(s + 1);
        y =
            modules.sequential(
                Integer.toString(at++),
                y,
                x -> {
                  int z = modules.op("0", new LayerNorm2d(width, EPS), x);
                  return modules.conv("1", width, next, 2, 2, 0, true, z);
                });
      }
    }
    return y;
  }

  private static int block(Modules modules, String name, int width, int x) {
    return modules.scope(
        name,
        "CNBlock",
        x,
        in -> {
          int scale = modules.op("layer_scale", new Parameter(Shape.of(width, 1, 1), true));
          int y =
              modules.sequential(
                  "block",
                  in,
                  first -> {
                    Conv2dGeometry seven = Conv2dGeometry.square(width, width, 7, 1, 3);
                    int z = modules.conv("0", seven, width, true, first);
                    z = modules.op("1", Transpose.of(0, 2, 3, 1), z);
                    z = modules.op("2", LayerNorm.of(width, EPS), z);
                    z = modules.op("3", new Linear(width, 4 * width, true), z);
                    z = modules.op("4", new GELU(false), z);
                    z = modules.op("5", new Linear(4 * width, width, true), z);
                    return modules.op("6", Transpose.of(0, 3, 1, 2), z);
                  });
          return modules.add(modules.op("mul", new Mul(), scale, y), in);
        });
  }
}
