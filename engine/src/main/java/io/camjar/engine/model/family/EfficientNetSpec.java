package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * EfficientNet (Tan and Le, arXiv 1905.11946) and its second version (arXiv 2104.00298).
 *
 * @param name such as {@code efficientnet_b0}
 * @param stages blocks of one width
 * @param last channels of the last convolution
 * @param eps of the batch norms
 * @param momentum of the batch norms
 * @param dropout before the classifier
 * @param inChannels of the image
 * @param classes scored
 */
record EfficientNetSpec(
    String name,
    List<Stage> stages,
    int last,
    double eps,
    double momentum,
    double dropout,
    int inChannels,
    int classes)
    implements FamilySpec {

  /** Blocks of one width; a fused one expands by its only large convolution. */
  record Stage(boolean fused, int expansion, int kernel, int stride, int in, int out, int count) {}

  private static final List<Stage> B0 =
      List.of(
          new Stage(false, 1, 3, 1, 32, 16, 1),
          new Stage(false, 6, 3, 2, 16, 24, 2),
          new Stage(false, 6, 5, 2, 24, 40, 2),
          new Stage(false, 6, 3, 2, 40, 80, 3),
          new Stage(false, 6, 5, 1, 80, 112, 3),
          new Stage(false, 6, 5, 2, 112, 192, 4),
          new Stage(false, 6, 3, 1, 192, 320, 1));

  private static final List<Stage> V2_S =
      List.of(
          new Stage(true, 1, 3, 1, 24, 24, 2),
          new Stage(true, 4, 3, 2, 24, 48, 4),
          new Stage(true, 4, 3, 2, 48, 64, 4),
          new Stage(false, 4, 3, 2, 64, 128, 6),
          new Stage(false, 6, 3, 1, 128, 160, 9),
          new Stage(false, 6, 3, 2, 160, 256, 15));

  static Family family() {
    Map<String, PublishedFamily.Maker> members = new LinkedHashMap<>();
    double[] widths = {1, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2};
    double[] depths = {1, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1};
    double[] dropouts = {0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5};
    for (int b = 0; b < widths.length; b++) {
      int number = b;
      members.put(
          "efficientnet_b" + b,
          (name, channels, classes) ->
              scaled(
                  name,
                  widths[number],
                  depths[number],
                  number < 5 ? BatchNorm.EPS : 0.001,
                  number < 5 ? BatchNorm.MOMENTUM : 0.01,
                  dropouts[number],
                  channels,
                  classes));
    }
    members.put(
        "efficientnet_v2_s",
        (name, channels, classes) ->
            new EfficientNetSpec(
                name, V2_S, 1280, 0.001, BatchNorm.MOMENTUM, 0.2, channels, classes));
    return new PublishedFamily(
        "EfficientNet",
        "features.0.0.weight",
        "classifier.1.weight",
        members,
        EfficientNetSpec::other);
  }

  /** Any widths and depths of the published stages, whose kernels, strides and factors stay. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    boolean second = !shapes.has("features.1.0.block.1.fc1.weight");
    List<Stage> stages = new ArrayList<>();
    int in = shapes.side("features.0.0.weight", 0, 1);
    for (Stage usual : second ? V2_S : B0) {
      String stage = "features.%d.".formatted(stages.size() + 1);
      int projection = usual.expansion > 1 ? usual.fused ? 1 : 3 : usual.fused ? 0 : 2;
      int out = shapes.side(stage + "0.block." + projection + ".0.weight", 0, usual.out);
      int count = Math.max(1, shapes.numbers(stage + "#.block.0.0.weight").size());
      stages.add(
          new Stage(usual.fused, usual.expansion, usual.kernel, usual.stride, in, out, count));
      in = out;
    }
    return Optional.of(
        new EfficientNetSpec(
            second ? "efficientnet_v2" : "efficientnet",
            stages,
            shapes.side("features.%d.0.weight".formatted(stages.size() + 1), 0, 1),
            second ? 0.001 : BatchNorm.EPS,
            BatchNorm.MOMENTUM,
            0.2,
            shapes.side("features.0.0.weight", 1, 3),
            shapes.side("classifier.1.weight", 0, 1)));
  }

  /** The first version, its widths and depths multiplied. */
  static EfficientNetSpec scaled(
      String name,
      double width,
      double depth,
      double eps,
      double momentum,
      double dropout,
      int inChannels,
      int classes) {
    List<Stage> stages =
        B0.stream()
            .map(
                s ->
                    new Stage(
                        s.fused,
                        s.expansion,
                        s.kernel,
                        s.stride,
                        Modules.divisible(s.in * width),
                        Modules.divisible(s.out * width),
                        (int) Math.ceil(s.count * depth)))
            .toList();
    int last = 4 * stages.get(stages.size() - 1).out;
    return new EfficientNetSpec(name, stages, last, eps, momentum, dropout, inChannels, classes);
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("features\\.\\d+");
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules(eps, momentum);
    return modules.network(
        image -> {
          int y = modules.sequential("features", image, x -> features(modules, x));
          return modules.classifier(dropout, last, classes, modules.pooled(y));
        });
  }

  private int features(Modules modules, int image) {
    int y = modules.convNorm("0", inChannels, stages.get(0).in, 3, 2, 1, new SiLU(), image);
    for (int s = 0; s < stages.size(); s++) {
      Stage stage = stages.get(s);
      y =
          modules.sequential(
              Integer.toString(s + 1),
              stage.count,
              y,
              (i, x) -> block(modules, Integer.toString(i), stage, i == 0, x));
    }
    int out = stages.get(stages.size() - 1).out;
    String name = Integer.toString(stages.size() + 1);
    return modules.convNorm(name, out, last, 1, 1, 1, new SiLU(), y);
  }

  private static int block(Modules modules, String name, Stage stage, boolean first, int x) {
    int in = first ? stage.in : stage.out;
    int stride = first ? stage.stride : 1;
    return modules.scope(
        name,
        stage.fused ? "FusedMBConv" : "MBConv",
        x,
        shortcut -> {
          int y =
              modules.sequential(
                  "block",
                  shortcut,
                  z ->
                      stage.fused
                          ? fused(modules, stage, in, stride, z)
                          : separable(modules, stage, in, stride, z));
          return stride == 1 && in == stage.out ? modules.add(y, shortcut) : y;
        });
  }

  private static int fused(Modules modules, Stage stage, int in, int stride, int x) {
    int inner = in * stage.expansion;
    if (inner == in) {
      return modules.convNorm("0", in, stage.out, stage.kernel, stride, 1, new SiLU(), x);
    }
    int y = modules.convNorm("0", in, inner, stage.kernel, stride, 1, new SiLU(), x);
    return modules.convNorm("1", inner, stage.out, 1, 1, 1, null, y);
  }

  private static int separable(Modules modules, Stage stage, int in, int stride, int x) {
    int inner = Modules.divisible(in * stage.expansion);
    int at = 0;
    int y = x;
    if (inner != in) {
      y = modules.convNorm(Integer.toString(at++), in, inner, 1, 1, 1, new SiLU(), y);
    }
    String depthwise = Integer.toString(at++);
    y = modules.convNorm(depthwise, inner, inner, stage.kernel, stride, inner, new SiLU(), y);
    String gate = Integer.toString(at++);
    int squeezed = Math.max(1, in / 4);
    y = modules.squeezeExcitation(gate, inner, squeezed, new SiLU(), new Sigmoid(), y);
    return modules.convNorm(Integer.toString(at), inner, stage.out, 1, 1, 1, null, y);
  }
}
