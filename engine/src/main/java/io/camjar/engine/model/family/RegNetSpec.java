package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Sigmoid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * RegNet (Radosavovic et al., arXiv 2003.13678): X without gates, Y with them.
 *
 * @param name such as {@code regnet_y_400mf}
 * @param stem channels of the first convolution
 * @param stages blocks of one width
 * @param gated whether blocks have squeeze and excitation
 * @param inChannels of the image
 * @param classes scored
 */
record RegNetSpec(
    String name, int stem, List<Stage> stages, boolean gated, int inChannels, int classes)
    implements FamilySpec {
  private static final int STEM = 32;

  /** Blocks of one width, whose 3x3 convolution has groups of so many channels. */
  record Stage(int count, int width, int groupWidth) {}

  static Family family() {
    Map<String, PublishedFamily.Maker> members = new LinkedHashMap<>();
    published(members, "x_400mf", 16, "1 2 7 12", "32 64 160 400");
    published(members, "x_800mf", 16, "1 3 7 5", "64 128 288 672");
    published(members, "x_1_6gf", 24, "2 4 10 2", "72 168 408 912");
    published(members, "x_3_2gf", 48, "2 6 15 2", "96 192 432 1008");
    published(members, "x_8gf", 120, "2 5 15 1", "80 240 720 1920");
    published(members, "x_16gf", 128, "2 6 13 1", "256 512 896 2048");
    published(members, "x_32gf", 168, "2 7 13 1", "336 672 1344 2520");
    published(members, "y_400mf", 8, "1 3 6 6", "48 104 208 440");
    published(members, "y_800mf", 16, "1 3 8 2", "64 144 320 784");
    published(members, "y_1_6gf", 24, "2 6 17 2", "48 120 336 888");
    published(members, "y_3_2gf", 24, "2 5 13 1", "72 216 576 1512");
    published(members, "y_8gf", 56, "2 4 10 1", "224 448 896 2016");
    published(members, "y_16gf", 112, "2 4 11 1", "224 448 1232 3024");
    published(members, "y_32gf", 232, "2 5 12 1", "232 696 1392 3712");
    return new PublishedFamily("RegNet", "stem.0.weight", "fc.weight", members, RegNetSpec::other);
  }

  /** Any widths, depths and groups. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    List<Stage> stages = new ArrayList<>();
    for (int s = 1; shapes.has(block(s, 0) + "f.b.0.weight"); s++) {
      String name = "trunk_output.block%d.block%d-#.f.b.0.weight".formatted(s, s);
      int width = shapes.side(block(s, 0) + "f.b.0.weight", 0, 1);
      int groupWidth = shapes.side(block(s, 0) + "f.b.0.weight", 1, 1);
      if (width % groupWidth != 0) {
        return Optional.empty();
      }
      stages.add(new Stage(shapes.numbers(name).size(), width, groupWidth));
    }
    if (stages.isEmpty()) {
      return Optional.empty();
    }
    boolean gated = shapes.has(block(1, 0) + "f.se.fc1.weight");
    return Optional.of(
        new RegNetSpec(
            gated ? "regnet_y" : "regnet_x",
            shapes.side("stem.0.weight", 0, STEM),
            stages,
            gated,
            shapes.side("stem.0.weight", 1, 3),
            shapes.side("fc.weight", 0, 1)));
  }

  private static String block(int stage, int number) {
    return "trunk_output.block%d.block%d-%d.".formatted(stage, stage, number);
  }

  private static void published(
      Map<String, PublishedFamily.Maker> members,
      String variant,
      int groupWidth,
      String counts,
      String widths) {
    String[] count = counts.split(" ");
    String[] width = widths.split(" ");
    List<Stage> stages =
        IntStream.range(0, count.length)
            .mapToObj(
                i -> {
                  int channels = Integer.parseInt(width[i]);
                  return new Stage(
                      Integer.parseInt(count[i]), channels, Math.min(groupWidth, channels));
                })
            .toList();
    members.put(
        "regnet_" + variant,
        (name, channels, classes) ->
            new RegNetSpec(name, STEM, stages, variant.startsWith("y"), channels, classes));
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("stem|trunk_output\\.block\\d+\\.block\\d+-\\d+");
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules();
    return modules.network(
        image -> {
          int y = modules.convNorm("stem", inChannels, stem, 3, 2, 1, new ReLU(), image);
          y = modules.sequential("trunk_output", y, x -> trunk(modules, x));
          int features = stages.get(stages.size() - 1).width;
          return modules.op("fc", new Linear(features, classes, true), modules.pooled(y));
        });
  }

  private int trunk(Modules modules, int x) {
    int y = x;
    int in = stem;
    for (int s = 1; s <= stages.size(); s++) {
      Stage stage = stages.get(s - 1);
      String prefix = "block" + s + "-";
      int first = in;
      y =
          modules.sequential(
              "block" + s,
              stage.count,
              y,
              (i, z) -> block(modules, prefix + i, stage, i == 0 ? first : 0, z));
      in = stage.width;
    }
    return y;
  }

  /**
   * A block.
   *
   * @param before channels that the first of a stage reads; 0 in all others
   */
  private int block(Modules modules, String name, Stage stage, int before, int x) {
    int width = stage.width;
    int in = before == 0 ? width : before;
    int stride = before == 0 ? 1 : 2;
    return modules.scope(
        name,
        "ResBottleneckBlock",
        x,
        y -> {
          int shortcut =
              before == 0 ? y : modules.convNorm("proj", in, width, 1, stride, 1, null, y);
          int branch =
              modules.scope(
                  "f",
                  "BottleneckTransform",
                  y,
                  first -> {
                    int z = modules.convNorm("a", in, width, 1, 1, 1, new ReLU(), first);
                    int groups = width / stage.groupWidth;
                    z = modules.convNorm("b", width, width, 3, stride, groups, new ReLU(), z);
                    if (gated) {
                      int squeezed = (int) Math.rint(0.25 * in);
                      z =
                          modules.squeezeExcitation(
                              "se", width, squeezed, new ReLU(), new Sigmoid(), z);
                    }
                    return modules.convNorm("c", width, width, 1, 1, 1, null, z);
                  });
          return modules.op("activation", new ReLU(), modules.add(shortcut, branch));
        });
  }
}
