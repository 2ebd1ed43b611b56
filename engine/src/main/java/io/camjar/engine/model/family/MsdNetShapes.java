package io.camjar.engine.model.family;

import io.camjar.engine.model.family.MsdNetDesign.Names;
import io.camjar.engine.model.family.MsdNetDesign.Pruning;
import io.camjar.engine.model.family.MsdNetDesign.Stem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

/** Reads the design of a multi-scale dense network from the names and shapes of its tensors. */
final class MsdNetShapes {
  private static final int MAX_SCALES = 16;
  private static final double HALF = 0.5;

  private final Map<String, long[]> shapes;
  private final TensorShapes tensors;
  private final boolean reference;
  private final boolean large;

  MsdNetShapes(Map<String, long[]> shapes) {
    this.shapes = shapes;
    this.tensors = new TensorShapes(shapes);
    this.large = tensors.has("blocks.0.0.layers.0.0.weight");
    this.reference = large || tensors.has("blocks.0.0.layers.0.net.0.weight");
  }

  /** A network without a name; empty if the names are not those of any. */
  Optional<MsdNet> recognise() {
    boolean port = tensors.has("subnets.0.MSD_first.subnets.0.0.weight");
    if (!reference && !port) {
      return Optional.empty();
    }
    int scales = scales();
    int channels = tensors.side(stem(0), 0, 1);
    List<Integer> widths = new ArrayList<>();
    for (int scale = 0; scale < scales; scale++) {
      widths.add(Math.max(1, tensors.side(stem(scale), 0, channels) / channels));
    }
    List<Integer> steps = steps();
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    int hidden = large ? 0 : tensors.side(head(steps.size(), true), 0, 128);
    int classes = tensors.side(head(steps.size(), false), 0, 1);
    return Stream.of(Pruning.values())
        .map(
            pruning ->
                new MsdNetDesign(
                    reference ? Names.REFERENCE : Names.PORT,
                    large ? Stem.IMAGENET : Stem.CIFAR,
                    channels,
                    growth(),
                    widths,
                    bottlenecks(scales),
                    steps,
                    pruning,
                    reduction(),
                    hidden))
        .map(design -> new MsdNet("", design, tensors.side(stem(0), 1, 3), classes))
        .max(Comparator.comparingLong(this::alike));
  }

  private long alike(MsdNet net) {
    return net.parameterShapes().entrySet().stream()
        .filter(entry -> Arrays.equals(entry.getValue(), shapes.get(entry.getKey())))
        .count();
  }

  private String stem(int scale) {
    if (large && scale == 0) {
      return "blocks.0.0.layers.0.0.weight";
    }
    return reference
        ? "blocks.0.0.layers.%d.net.0.weight".formatted(scale)
        : "subnets.0.MSD_first.subnets.%d.0.weight".formatted(scale);
  }

  private String head(int blocks, boolean first) {
    if (reference) {
      return first ? "classifier.0.m.0.net.0.weight" : "classifier.0.linear.weight";
    }
    return "subnets.%d.%s.weight".formatted(blocks, first ? "features.0" : "classifier");
  }

  private int scales() {
    int scales = 1;
    while (scales < MAX_SCALES && tensors.has(stem(scales))) {
      scales++;
    }
    return scales;
  }

  /** Layers of each block. */
  private List<Integer> steps() {
    List<Integer> steps = new ArrayList<>();
    while (true) {
      int layers = layers(steps.size()).size();
      if (layers == 0) {
        return steps;
      }
      steps.add(layers);
    }
  }

  /** The numbers of a block's layers. */
  private SortedSet<Integer> layers(int block) {
    return tensors.numbers(
        reference
            ? "blocks.%d.#.layers.0.conv_normal.net.0.weight".formatted(block)
            : "subnets.%d.MSD_layer_#.subnets.0.conv_modules.0.BN_out.weight".formatted(block));
  }

  /** What a layer's convolution of the same scale begins with. */
  private String layer(int block, int number, int scale) {
    if (reference) {
      return "blocks.%d.%d.layers.%d.conv_normal.net.".formatted(block, number, scale);
    }
    String start = "subnets.%d.MSD_layer_%d.subnets.%d.conv_modules.";
    String convs = start.formatted(block, number, scale);
    return convs + (tensors.has(convs + "1.BN_out.weight") ? 1 : 0) + ".";
  }

  /** Whether layers have 1x1 convolutions. */
  private boolean narrow(String layer) {
    return tensors.has(layer + (reference ? "3.weight" : "Bottleneck_1x1.weight"));
  }

  /** Channels that a layer's convolution adds. */
  private int added(String layer) {
    String norm = narrow(layer) ? "4.weight" : "1.weight";
    return tensors.side(layer + (reference ? norm : "BN_out.weight"), 0, 1);
  }

  private int growth() {
    return added(layer(0, layers(0).first(), 0));
  }

  /** The largest that are seen: a convolution has no more channels than come in. */
  private List<Integer> bottlenecks(int scales) {
    List<Integer> all = new ArrayList<>();
    int block = 0;
    SortedSet<Integer> numbers = layers(block);
    if (!narrow(layer(0, numbers.first(), 0))) {
      return List.of();
    }
    for (int scale = 0; scale < scales; scale++) {
      all.add(1);
    }
    for (; !numbers.isEmpty(); numbers = layers(++block)) {
      for (int number : numbers) {
        int out = 1;
        while (out < scales && tensors.has(weights(layer(block, number, out)))) {
          out++;
        }
        for (int j = 0; j < out; j++) {
          String layer = layer(block, number, j);
          int inner = tensors.side(weights(layer), 0, 1);
          int scale = scales - out + j;
          all.set(scale, Math.max(all.get(scale), ceil(inner, added(layer))));
        }
      }
    }
    return all;
  }

  private String weights(String layer) {
    return layer + (reference ? "0.weight" : "Bottleneck_1x1.weight");
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }

  /** The share that the first transition leaves: a half, unless that is not what it has. */
  private double reduction() {
    String pattern =
        reference ? "blocks.%d.#.m.0.net.0.weight" : "subnets.%d.Transition.scales.#.0.weight";
    for (int block = 0; !layers(block).isEmpty(); block++) {
      SortedSet<Integer> found = tensors.numbers(pattern.formatted(block));
      if (!found.isEmpty()) {
        String first = pattern.formatted(block).replace("#", found.first().toString());
        int out = tensors.side(first, 0, 1);
        int in = tensors.side(first, 1, 1);
        return in / 2 == out ? HALF : (out + HALF) / in;
      }
    }
    return 0;
  }
}
