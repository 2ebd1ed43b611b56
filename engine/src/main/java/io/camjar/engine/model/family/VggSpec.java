package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * VGG (Simonyan and Zisserman, arXiv 1409.1556): 3x3 convolutions and max-pools.
 *
 * @param name such as {@code vgg16_bn}
 * @param stages the widths of the convolutions between two pools
 * @param norms whether batch norms follow the convolutions
 * @param hidden features of the two hidden linear layers, 4096 in the published networks
 * @param inChannels of the image
 * @param classes scored
 */
record VggSpec(
    String name, List<List<Integer>> stages, boolean norms, int hidden, int inChannels, int classes)
    implements FamilySpec {
  private static final int GRID = 7;

  /** Convolutions of each stage. */
  private static final Map<String, List<Integer>> DEPTHS =
      Map.of(
          "vgg11", List.of(1, 1, 2, 2, 2),
          "vgg13", List.of(2, 2, 2, 2, 2),
          "vgg16", List.of(2, 2, 3, 3, 3),
          "vgg19", List.of(2, 2, 4, 4, 4));

  static Family family() {
    Map<String, PublishedFamily.Maker> members = new LinkedHashMap<>();
    for (String name : List.of("vgg11", "vgg13", "vgg16", "vgg19")) {
      for (boolean norms : new boolean[] {false, true}) {
        members.put(
            norms ? name + "_bn" : name,
            (full, channels, classes) ->
                new VggSpec(full, published(name), norms, 4096, channels, classes));
      }
    }
    return new PublishedFamily(
        "VGG", "features.0.weight", "classifier.6.weight", members, VggSpec::other);
  }

  /** Any widths and depths: the numbers of the convolutions tell where norms and pools stand. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    boolean norms = shapes.rank("features.1.weight") == 1;
    List<List<Integer>> stages = new ArrayList<>();
    int next = 0;
    for (int at : shapes.numbers("features.#.weight")) {
      String conv = "features." + at + ".weight";
      if (shapes.rank(conv) != 4) {
        continue;
      }
      if (shapes.side(conv, 2, 3) != 3) {
        return Optional.empty();
      }
      if (at == next + 1 || stages.isEmpty()) {
        stages.add(new ArrayList<>());
      } else if (at != next) {
        return Optional.empty();
      }
      stages.get(stages.size() - 1).add(shapes.side(conv, 0, 1));
      next = at + (norms ? 3 : 2);
    }
    if (stages.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new VggSpec(
            name(stages, norms),
            stages,
            norms,
            shapes.side("classifier.0.weight", 0, 4096),
            shapes.side("features.0.weight", 1, 3),
            shapes.side("classifier.6.weight", 0, 1)));
  }

  private static String name(List<List<Integer>> stages, boolean norms) {
    List<Integer> depths = stages.stream().map(List::size).toList();
    String name =
        DEPTHS.entrySet().stream()
            .filter(one -> one.getValue().equals(depths))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("vgg");
    return norms ? name + "_bn" : name;
  }

  private static List<List<Integer>> published(String name) {
    List<Integer> depths = Objects.requireNonNull(DEPTHS.get(name), name);
    List<Integer> widths = List.of(64, 128, 256, 512, 512);
    return IntStream.range(0, widths.size())
        .mapToObj(i -> Collections.nCopies(depths.get(i), widths.get(i)))
        .toList();
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("features\\.(" + String.join("|", pools()) + ")");
  }

  private List<String> pools() {
    List<String> pools = new ArrayList<>();
    int at = 0;
    for (List<Integer> stage : stages) {
      at += stage.size() * (norms ? 3 : 2);
      pools.add(Integer.toString(at++));
    }
    return pools;
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules();
    return modules.network(
        image -> {
          int y = modules.sequential("features", image, x -> features(modules, x));
          y = modules.op("avgpool", new AdaptiveAvgPool2d(GRID, GRID), y);
          y = modules.op("flatten", new Flatten(), y);
          List<Integer> last = stages.get(stages.size() - 1);
          int features = last.get(last.size() - 1) * GRID * GRID;
          return modules.sequential("classifier", y, x -> classifier(modules, features, x));
        });
  }

  private int features(Modules modules, int image) {
    int y = image;
    int in = inChannels;
    int at = 0;
    for (List<Integer> stage : stages) {
      for (int width : stage) {
        y = modules.conv(Integer.toString(at++), in, width, 3, 1, 1, true, y);
        if (norms) {
          y = modules.norm(Integer.toString(at++), width, y);
        }
        y = modules.op(Integer.toString(at++), new ReLU(), y);
        in = width;
      }
      y = modules.maxPool(Integer.toString(at++), 2, 2, 0, false, y);
    }
    return y;
  }

  private int classifier(Modules modules, int features, int x) {
    int y = modules.op("1", new ReLU(), modules.op("0", new Linear(features, hidden, true), x));
    y = modules.op("2", new Dropout(0.5), y);
    y = modules.op("4", new ReLU(), modules.op("3", new Linear(hidden, hidden, true), y));
    y = modules.op("5", new Dropout(0.5), y);
    return modules.op("6", new Linear(hidden, classes, true), y);
  }
}
