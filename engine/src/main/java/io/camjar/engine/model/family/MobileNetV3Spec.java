package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * MobileNetV3 (Howard et al., arXiv 1905.02244).
 *
 * @param name {@code mobilenet_v3_large} or {@code mobilenet_v3_small}
 * @param settings its blocks in order
 * @param last features of the hidden linear layer
 * @param inChannels of the image
 * @param classes scored
 */
record MobileNetV3Spec(String name, List<Block> settings, int last, int inChannels, int classes)
    implements FamilySpec {

  /**
   * One block.
   *
   * @param kernel of the depthwise convolution
   * @param inner expanded channels
   * @param gated whether squeeze and excitation follows
   * @param hard whether its activation is Hardswish; else ReLU
   */
  record Block(int in, int kernel, int inner, int out, boolean gated, boolean hard, int stride) {}

  private static final List<Block> LARGE =
      List.of(
          new Block(16, 3, 16, 16, false, false, 1),
          new Block(16, 3, 64, 24, false, false, 2),
          new Block(24, 3, 72, 24, false, false, 1),
          new Block(24, 5, 72, 40, true, false, 2),
          new Block(40, 5, 120, 40, true, false, 1),
          new Block(40, 5, 120, 40, true, false, 1),
          new Block(40, 3, 240, 80, false, true, 2),
          new Block(80, 3, 200, 80, false, true, 1),
          new Block(80, 3, 184, 80, false, true, 1),
          new Block(80, 3, 184, 80, false, true, 1),
          new Block(80, 3, 480, 112, true, true, 1),
          new Block(112, 3, 672, 112, true, true, 1),
          new Block(112, 5, 672, 160, true, true, 2),
          new Block(160, 5, 960, 160, true, true, 1),
          new Block(160, 5, 960, 160, true, true, 1));

  private static final List<Block> SMALL =
      List.of(
          new Block(16, 3, 16, 16, true, false, 2),
          new Block(16, 3, 72, 24, false, false, 2),
          new Block(24, 3, 88, 24, false, false, 1),
          new Block(24, 5, 96, 40, true, true, 2),
          new Block(40, 5, 240, 40, true, true, 1),
          new Block(40, 5, 240, 40, true, true, 1),
          new Block(40, 5, 120, 48, true, true, 1),
          new Block(48, 5, 144, 48, true, true, 1),
          new Block(48, 5, 288, 96, true, true, 2),
          new Block(96, 5, 576, 96, true, true, 1),
          new Block(96, 5, 576, 96, true, true, 1));

  static Family family() {
    Map<String, PublishedFamily.Maker> members = new LinkedHashMap<>();
    members.put(
        "mobilenet_v3_large",
        (name, channels, classes) -> new MobileNetV3Spec(name, LARGE, 1280, channels, classes));
    members.put(
        "mobilenet_v3_small",
        (name, channels, classes) -> new MobileNetV3Spec(name, SMALL, 1024, channels, classes));
    return new PublishedFamily(
        "MobileNetV3",
        "features.0.0.weight",
        "classifier.3.weight",
        members,
        MobileNetV3Spec::other);
  }

  /** Any widths of the published blocks, as torchvision's {@code width_mult} makes them. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    boolean large = shapes.has("features.16.0.weight");
    List<Block> blocks = new ArrayList<>();
    int in = shapes.side("features.0.0.weight", 0, 1);
    for (Block usual : large ? LARGE : SMALL) {
      String block = "features.%d.block.".formatted(blocks.size() + 1);
      boolean expands = shapes.numbers(block + "#.0.weight").size() == 3;
      int inner = shapes.side(block + "0.0.weight", 0, usual.inner);
      int projection = (expands ? 2 : 1) + (usual.gated ? 1 : 0);
      int out = shapes.side(block + projection + ".0.weight", 0, usual.out);
      blocks.add(new Block(in, usual.kernel, inner, out, usual.gated, usual.hard, usual.stride));
      in = out;
    }
    return Optional.of(
        new MobileNetV3Spec(
            large ? "mobilenet_v3_large" : "mobilenet_v3_small",
            blocks,
            hidden(large ? LARGE : SMALL, in, shapes.side("classifier.0.weight", 0, 1)),
            shapes.side("features.0.0.weight", 1, 3),
            shapes.side("classifier.3.weight", 0, 1)));
  }

  /**
   * The hidden features, if some {@code width_mult} gives them and the last block's channels; those
   * that go with the channels otherwise. Other features are those of another classifier, whose
   * activation need not be the published one.
   */
  private static int hidden(List<Block> published, int out, int found) {
    int features = published.equals(LARGE) ? 1280 : 1024;
    int channels = published.get(published.size() - 1).out;
    for (int thousandths = 100; thousandths <= 4000; thousandths++) {
      double width = thousandths / 1000.0;
      if (Modules.divisible(channels * width) == out
          && Modules.divisible(features * width) == found) {
        return found;
      }
    }
    return Modules.divisible((double) features * out / channels);
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("features\\.\\d+");
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules(0.001, 0.01);
    int features = 6 * settings.get(settings.size() - 1).out;
    return modules.network(
        image -> {
          int y = modules.sequential("features", image, x -> features(modules, x));
          return modules.sequential(
              "classifier",
              modules.pooled(y),
              x -> {
                int hidden = modules.op("0", new Linear(features, last, true), x);
                hidden = modules.op("1", new Hardswish(), hidden);
                hidden = modules.op("2", new Dropout(0.2), hidden);
                return modules.op("3", new Linear(last, classes, true), hidden);
              });
        });
  }

  private int features(Modules modules, int image) {
    int first = settings.get(0).in;
    int y = modules.convNorm("0", inChannels, first, 3, 2, 1, new Hardswish(), image);
    for (int i = 0; i < settings.size(); i++) {
      Block block = settings.get(i);
      y =
          modules.scope(
              Integer.toString(i + 1),
              "InvertedResidual",
              y,
              x -> {
                int z = modules.sequential("block", x, in -> layers(modules, block, in));
                return block.stride == 1 && block.in == block.out ? modules.add(z, x) : z;
              });
    }
    int out = settings.get(settings.size() - 1).out;
    String name = Integer.toString(settings.size() + 1);
    return modules.convNorm(name, out, 6 * out, 1, 1, 1, new Hardswish(), y);
  }

  private static int layers(Modules modules, Block block, int x) {
    Op activation = block.hard ? new Hardswish() : new ReLU();
    int inner = block.inner;
    int at = 0;
    int y = x;
    if (inner != block.in) {
      y = modules.convNorm(Integer.toString(at++), block.in, inner, 1, 1, 1, activation, y);
    }
    String depthwise = Integer.toString(at++);
    y = modules.convNorm(depthwise, inner, inner, block.kernel, block.stride, inner, activation, y);
    if (block.gated) {
      String gate = Integer.toString(at++);
      int squeezed = Modules.divisible(inner / 4);
      y = modules.squeezeExcitation(gate, inner, squeezed, new ReLU(), new Hardsigmoid(), y);
    }
    return modules.convNorm(Integer.toString(at), inner, block.out, 1, 1, 1, null, y);
  }
}
