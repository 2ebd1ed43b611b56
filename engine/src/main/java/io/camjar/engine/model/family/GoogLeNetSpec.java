package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * GoogLeNet with batch norms (Szegedy et al., arXiv 1409.4842), without the two classifiers that
 * only train. Images are taken as they are: torchvision's {@code transform_input} is no part of it.
 *
 * @param name {@code googlenet}
 * @param stem channels of the first three convolutions
 * @param modules of each: 1x1, 3x3 reduced, 3x3, second 3x3 reduced, second 3x3, after the pool
 * @param inChannels of the image
 * @param classes scored
 */
record GoogLeNetSpec(
    String name, List<Integer> stem, List<List<Integer>> modules, int inChannels, int classes)
    implements FamilySpec {
  private static final double EPS = 0.001;
  private static final List<Integer> STEM = List.of(64, 64, 192);
  private static final List<String> NAMES =
      List.of("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b");
  private static final List<List<Integer>> MODULES =
      List.of(
          List.of(64, 96, 128, 16, 32, 32),
          List.of(128, 128, 192, 32, 96, 64),
          List.of(192, 96, 208, 16, 48, 64),
          List.of(160, 112, 224, 24, 64, 64),
          List.of(128, 128, 256, 24, 64, 64),
          List.of(112, 144, 288, 32, 64, 64),
          List.of(256, 160, 320, 32, 128, 128),
          List.of(256, 160, 320, 32, 128, 128),
          List.of(384, 192, 384, 48, 128, 128));

  /** The layers that have the widths of a module. */
  private static final List<String> LAYERS =
      List.of("branch1", "branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch4.1");

  static Family family() {
    return new PublishedFamily(
        "GoogLeNet",
        "conv1.conv.weight",
        "fc.weight",
        Map.of(
            "googlenet",
            (name, channels, classes) -> new GoogLeNetSpec(name, STEM, MODULES, channels, classes)),
        GoogLeNetSpec::other);
  }

  /** Any widths. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    List<Integer> stem =
        List.of(
            shapes.side("conv1.conv.weight", 0, STEM.get(0)),
            shapes.side("conv2.conv.weight", 0, STEM.get(1)),
            shapes.side("conv3.conv.weight", 0, STEM.get(2)));
    List<List<Integer>> modules =
        NAMES.stream()
            .map(
                name ->
                    LAYERS.stream()
                        .map(at -> "inception%s.%s.conv.weight".formatted(name, at))
                        .map(weight -> shapes.side(weight, 0, 1))
                        .toList())
            .toList();
    int inChannels = shapes.side("conv1.conv.weight", 1, 3);
    int classes = shapes.side("fc.weight", 0, 1);
    return Optional.of(new GoogLeNetSpec("googlenet", stem, modules, inChannels, classes));
  }

  /** torchvision's pretrained network transforms its input, which is no layer. */
  @Override
  public String unseen() {
    return "pools and activations are those of googlenet, and transform_input is off; for"
        + " torchvision's pretrained weights, which have it on, give --mean 0.5,0.5,0.5 --std"
        + " 0.5,0.5,0.5";
  }

  @Override
  public boolean trainsOnly(String tensor) {
    return tensor.startsWith("aux1.") || tensor.startsWith("aux2.");
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("maxpool[12]|inception\\d.");
  }

  @Override
  public Graph graph() {
    return new Body(new Modules(EPS, BatchNorm.MOMENTUM)).graph(this);
  }

  /** One graph as it is written. */
  private record Body(Modules modules) {

    Graph graph(GoogLeNetSpec spec) {
      return modules.network(
          image -> {
            List<Integer> stem = spec.stem;
            int y = conv("conv1", spec.inChannels, stem.get(0), 7, 2, image);
            y = modules.maxPool("maxpool1", 3, 2, 0, true, y);
            y = conv("conv2", stem.get(0), stem.get(1), 1, 1, y);
            y = conv("conv3", stem.get(1), stem.get(2), 3, 1, y);
            int in = stem.get(2);
            for (int i = 0; i < NAMES.size(); i++) {
              String name = NAMES.get(i);
              if (name.endsWith("a")) {
                int side = name.startsWith("5") ? 2 : 3;
                y = modules.maxPool("maxpool" + (name.charAt(0) - '1'), side, 2, 0, true, y);
              }
              List<Integer> w = spec.modules.get(i);
              y = inception("inception" + name, in, w, y);
              in = w.get(0) + w.get(2) + w.get(4) + w.get(5);
            }
            y = modules.op("dropout", new Dropout(0.2), modules.pooled(y));
            return modules.op("fc", new Linear(in, spec.classes, true), y);
          });
    }

    private int conv(String name, int in, int out, int kernel, int stride, int x) {
      return modules.scope(
          name,
          "BasicConv2d",
          x,
          image -> {
            int y = modules.conv("conv", in, out, kernel, stride, kernel / 2, false, image);
            return modules.op("relu", new ReLU(), modules.norm("bn", out, y));
          });
    }

    /** Its widths: 1x1, 3x3 reduced, 3x3, second 3x3 reduced, second 3x3, after the pool. */
    private int inception(String name, int in, List<Integer> w, int x) {
      return modules.scope(
          name,
          "Inception",
          x,
          y -> {
            int first = conv("branch1", in, w.get(0), 1, 1, y);
            int second = two("branch2", in, w.get(1), w.get(2), y);
            int third = two("branch3", in, w.get(3), w.get(4), y);
            int fourth =
                modules.sequential(
                    "branch4",
                    y,
                    z -> conv("1", in, w.get(5), 1, 1, modules.maxPool("0", 3, 1, 1, true, z)));
            return modules.op("cat", new Concat(1), first, second, third, fourth);
          });
    }

    private int two(String name, int in, int reduced, int out, int x) {
      return modules.sequential(
          name, x, y -> conv("1", reduced, out, 3, 1, conv("0", in, reduced, 1, 1, y)));
    }
  }
}
