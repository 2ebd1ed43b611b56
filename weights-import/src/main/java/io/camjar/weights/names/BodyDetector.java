package io.camjar.weights.names;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.Gates;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.names.part.Faults;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a ResNet's body from canonical names and shapes alone.
 *
 * <p>The width is what most of the tensors agree on, so that one tensor of a wrong shape is
 * reported as that tensor and not as all the others.
 */
final class BodyDetector {
  private static final Pattern BLOCK = Pattern.compile("\\d{1,4}");
  private static final int MAX_DEPTH = 1_000;
  private static final int MAX_WIDTH = 8_192;

  private final StateDict tensors;

  BodyDetector(StateDict tensors) {
    this.tensors = tensors;
  }

  ResNetSpec detect(HeadSpec head) {
    List<Integer> depths = new ArrayList<>();
    for (int stage = 1; stage <= 4; stage++) {
      depths.add(depth(stage));
    }
    BlockKind block =
        tensors.has("layer1.0.conv3.weight") || tensors.has("layer1.0.bn3.weight")
            ? BlockKind.BOTTLENECK
            : BlockKind.BASIC;
    refuseOtherNorms();
    refusePreActivation();
    int width = width(block);
    refuseSmallStem();
    int inner = block == BlockKind.BASIC ? width : innerWidth(width);
    Stem stem = stem();
    Shortcut shortcut = shortcut();
    int groups = block == BlockKind.BASIC ? 1 : groups(inner);
    Gates gates = gates();
    String name =
        ArchitectureNames.of(
            block, depths, inner / (double) width, groups, inner, gates, stem, shortcut);
    return new ResNetSpec(
        name, block, depths, width, inner, groups, gates, inChannels(), stem, shortcut, head);
  }

  /** What most 3x3 convolutions agree on: they read a part of their channels each. */
  private int groups(int inner) {
    Map<Long, Integer> votes = new HashMap<>();
    for (int stage = 1; stage <= 4; stage++) {
      tensors
          .find("layer" + stage + ".0.conv2.weight")
          .filter(conv -> conv.rank() == 4 && conv.size(1) > 0 && conv.size(0) % conv.size(1) == 0)
          .ifPresent(conv -> votes.merge(conv.size(0) / conv.size(1), 1, Integer::sum));
    }
    return votes.entrySet().stream()
        .max(Map.Entry.<Long, Integer>comparingByValue())
        .map(Map.Entry::getKey)
        .filter(groups -> groups >= 1 && groups <= inner && inner % groups == 0)
        .map(Long::intValue)
        .orElse(1);
  }

  /** The gates that all four stages have. */
  private Gates gates() {
    for (Gates.Kind kind : List.of(Gates.Kind.CONVOLUTIONS, Gates.Kind.LINEAR)) {
      String first = kind == Gates.Kind.LINEAR ? "fc.0" : "fc1";
      int rank = kind == Gates.Kind.LINEAR ? 2 : 4;
      List<Integer> reduced = new ArrayList<>();
      for (int stage = 1; stage <= 4; stage++) {
        tensors
            .find("layer%d.0.se.%s.weight".formatted(stage, first))
            .filter(t -> t.rank() == rank && t.size(0) >= 1 && t.size(0) <= MAX_WIDTH)
            .ifPresent(tensor -> reduced.add((int) tensor.size(0)));
      }
      if (reduced.size() == 4) {
        return new Gates(kind, reduced);
      }
    }
    return Gates.NONE;
  }

  private int depth(int stage) {
    String start = "layer" + stage + ".";
    int depth = 0;
    for (String name : tensors.names()) {
      if (name.startsWith(start)) {
        int dot = name.indexOf('.', start.length());
        String index = dot < 0 ? "" : name.substring(start.length(), dot);
        if (!BLOCK.matcher(index).matches() || Integer.parseInt(index) >= MAX_DEPTH) {
          throw new Malformed(
              "has the tensor '"
                  + name
                  + "' between the blocks of a stage, where camjar's ResNets have none",
              "use a ResNet of torchvision, timm or fastai");
        }
        depth = Math.max(depth, Integer.parseInt(index) + 1);
      }
    }
    if (depth == 0) {
      throw new Malformed(
          "has no layer"
              + stage
              + ", where camjar runs ResNets of four stages"
              + (stage == 4 ? ": it may be one for CIFAR's 32x32 images" : ""),
          "use a ResNet of four stages");
    }
    return depth;
  }

  private int width(BlockKind block) {
    boolean bottleneck = block == BlockKind.BOTTLENECK;
    List<String> layers =
        bottleneck
            ? List.of("conv3.weight", "bn3.weight", "bn3.bias", "bn3.running_mean")
            : List.of("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean");
    Map<Long, Integer> votes = new HashMap<>();
    vote(votes, "bn1.weight", 1);
    vote(votes, "bn1.running_mean", 1);
    for (int stage = 1; stage <= 4; stage++) {
      for (String layer : layers) {
        vote(votes, "layer" + stage + ".0." + layer, block.expansion() << (stage - 1));
      }
    }
    long width =
        votes.entrySet().stream()
            .max(Map.Entry.<Long, Integer>comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(0L);
    if (width < 1 || width > MAX_WIDTH) {
      throw new Malformed(
          "has a first stage of " + width + " channels, which no ResNet has",
          "use a ResNet of torchvision, timm or fastai");
    }
    return (int) width;
  }

  private void vote(Map<Long, Integer> votes, String name, int multiple) {
    tensors
        .find(name)
        .filter(tensor -> tensor.rank() > 0 && tensor.size(0) % multiple == 0)
        .ifPresent(tensor -> votes.merge(tensor.size(0) / multiple, 1, Integer::sum));
  }

  private int inChannels() {
    Optional<TensorEntry> first =
        tensors.find("conv1.weight").or(() -> tensors.find("conv1.0.weight"));
    return first
        .filter(tensor -> tensor.rank() == 4 && tensor.size(1) >= 1 && tensor.size(1) <= MAX_WIDTH)
        .map(tensor -> (int) tensor.size(1))
        .orElse(3);
  }

  private Stem stem() {
    Optional<Integer> first = rows("conv1.0.weight");
    Optional<Integer> second = rows("conv1.3.weight");
    return first.isPresent() && second.isPresent()
        ? new Stem.Deep(first.get(), second.get())
        : new Stem.Conv7();
  }

  private Optional<Integer> rows(String name) {
    return tensors
        .find(name)
        .filter(tensor -> tensor.rank() == 4 && tensor.size(0) >= 1 && tensor.size(0) <= MAX_WIDTH)
        .map(tensor -> (int) tensor.size(0));
  }

  private Shortcut shortcut() {
    boolean pooled = isPooled(2);
    for (int stage = 3; stage <= 4; stage++) {
      if (isPooled(stage) != pooled && tensors.has("layer" + stage + ".0.downsample.1.weight")) {
        throw new Malformed(
            "has the convolution of the shortcut in layer%d.0 at 'downsample.%d' and in layer2.0 at"
                    .formatted(stage, pooled ? 0 : 1)
                + " 'downsample.%d': a pool stands in one of them alone".formatted(pooled ? 1 : 0),
            "use a ResNet whose shortcuts are alike");
      }
    }
    return pooled ? Shortcut.AVG_POOL_CONV : Shortcut.CONV;
  }

  private boolean isPooled(int stage) {
    return tensors
        .find("layer" + stage + ".0.downsample.1.weight")
        .filter(tensor -> tensor.rank() == 4)
        .isPresent();
  }

  /** A norm of the channels that go into its convolution comes before it. */
  private void refusePreActivation() {
    for (int stage = 2; stage <= 4; stage++) {
      String start = "layer" + stage + ".0.";
      Optional<TensorEntry> conv =
          tensors.find(start + "conv1.weight").filter(tensor -> tensor.rank() == 4);
      Optional<TensorEntry> norm =
          tensors.find(start + "bn1.weight").filter(tensor -> tensor.rank() == 1);
      if (conv.isEmpty()
          || norm.isEmpty()
          || conv.get().size(0) == conv.get().size(1)
          || norm.get().size(0) != conv.get().size(1)) {
        return;
      }
    }
    throw new Malformed(
        "holds a ResNet whose batch norms come before their convolutions: 'layer2.0.bn1' has the"
            + " channels that go into 'layer2.0.conv1'",
        "use a ResNet whose batch norms follow their convolutions");
  }

  /** Channels of layer1's 3x3 convolutions: what most tensors agree on, as for the width. */
  private int innerWidth(int width) {
    Map<Long, Integer> votes = new HashMap<>();
    for (int stage = 1; stage <= 4; stage++) {
      for (String layer : List.of("conv1.weight", "conv2.weight", "bn1.weight", "bn2.weight")) {
        vote(votes, "layer" + stage + ".0." + layer, 1 << (stage - 1));
      }
    }
    return votes.entrySet().stream()
        .max(Map.Entry.<Long, Integer>comparingByValue())
        .map(Map.Entry::getKey)
        .filter(inner -> inner >= 1 && inner <= MAX_WIDTH)
        .map(Long::intValue)
        .orElse(width);
  }

  /** Norms without running statistics are no batch norms, or fold the batch in. */
  private void refuseOtherNorms() {
    boolean statistics = tensors.names().stream().anyMatch(name -> name.endsWith("running_mean"));
    if (statistics) {
      return;
    }
    if (tensors.has("bn1.weight") || tensors.has("layer1.0.bn1.weight")) {
      throw new Malformed(
          "holds a ResNet whose norms have no running statistics, such as group norms; camjar runs"
              + " batch norms only",
          "use a ResNet with batch norms");
    }
  }

  private void refuseSmallStem() {
    Optional<TensorEntry> conv = tensors.find("conv1.weight");
    if (conv.isPresent()
        && conv.get().rank() == 4
        && conv.get().size(2) == 3
        && conv.get().size(3) == 3) {
      throw Faults.smallStem("conv1.weight");
    }
  }
}
