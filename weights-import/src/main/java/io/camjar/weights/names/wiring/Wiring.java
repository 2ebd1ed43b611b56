package io.camjar.weights.names.wiring;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.names.part.Faults;
import io.camjar.weights.names.part.NameMapping;
import io.camjar.weights.names.part.NaturalOrder;
import io.camjar.weights.names.part.Part;
import io.camjar.weights.names.part.Unexplained;
import io.camjar.weights.names.wiring.WiredBlock.Role;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds a ResNet by the shapes of its convolutions and batch norms, whatever they are called.
 *
 * <p>Modules whose convolutions have a residual block's shapes are blocks; blocks of the same
 * channels are a stage; the stages follow each other by their channels. Names decide only what
 * shapes leave open: the order of equal blocks, and which norm follows which convolution.
 */
public final class Wiring {
  private static final int MAX_CONVS = 3_000;
  private static final int MAX_PATH = 400;
  private static final String REMEDY = "use a ResNet of torchvision, timm, fastai or Hugging Face";

  private final Collection<Part> parts;
  private final Map<String, String> modules = new LinkedHashMap<>();

  private Wiring(Collection<Part> parts) {
    this.parts = withFoldedNorms(parts);
  }

  /** Where there are no norms at all, each convolution with a bias has one within it. */
  private static Collection<Part> withFoldedNorms(Collection<Part> parts) {
    if (parts.stream().anyMatch(part -> part.kind() == Part.Kind.NORM)) {
      return parts;
    }
    List<Part> all = new ArrayList<>(parts);
    for (Part conv : parts) {
      TensorEntry bias = conv.tensors().get("bias");
      if (conv.kind() == Part.Kind.CONV && bias != null) {
        all.add(new Part(conv.path() + ".folded", Part.Kind.NORM, Map.of("weight", bias)));
      }
    }
    return all;
  }

  /**
   * The layout of the only ResNet among these modules; empty if no module has the shapes of a
   * residual block.
   *
   * @throws Malformed if there are residual blocks, but not those of one ResNet that camjar runs
   */
  public static Optional<NameMapping> find(Collection<Part> parts) {
    return new Wiring(parts).find();
  }

  private Optional<NameMapping> find() {
    List<Part> convs =
        parts.stream()
            .filter(part -> part.kind() == Part.Kind.CONV && part.path().length() <= MAX_PATH)
            .sorted(Comparator.comparing(Part::path, NaturalOrder.COMPARATOR))
            .toList();
    if (convs.isEmpty() || convs.size() > MAX_CONVS) {
      return Optional.empty();
    }
    List<WiredBlock> blocks = blocks(convs);
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    List<List<WiredBlock>> stages = stages(blocks);
    Map<Role, Set<String>> names = names(blocks);
    for (int stage = 0; stage < stages.size(); stage++) {
      for (int b = 0; b < stages.get(stage).size(); b++) {
        block("layer" + (stage + 1) + "." + b + ".", stages.get(stage).get(b), names);
      }
    }
    stem(stages.get(0).get(0).in(), convs, blocks);
    for (Part conv : convs) {
      if (!modules.containsKey(conv.path() + ".")) {
        throw Unexplained.of(conv.path() + ".weight");
      }
    }
    return Optional.of(layout());
  }

  /** The outermost modules whose convolutions have a block's shapes. */
  private static List<WiredBlock> blocks(List<Part> convs) {
    Map<String, List<Part>> below =
        new TreeMap<>(
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    for (Part conv : convs) {
      for (String path = conv.parent(); ; path = Part.parent(path)) {
        below.computeIfAbsent(path, p -> new ArrayList<>()).add(conv);
        if (path.isEmpty()) {
          break;
        }
      }
    }
    List<WiredBlock> blocks = new ArrayList<>();
    Set<Part> taken = new HashSet<>();
    below.values().stream()
        .filter(group -> group.size() <= 4)
        .forEach(
            group -> {
              if (group.stream().noneMatch(taken::contains)) {
                WiredBlock.of(group)
                    .ifPresent(
                        block -> {
                          blocks.add(block);
                          taken.addAll(group);
                        });
              }
            });
    return blocks;
  }

  private static List<List<WiredBlock>> stages(List<WiredBlock> blocks) {
    TreeMap<Long, List<WiredBlock>> byChannels = new TreeMap<>();
    blocks.forEach(
        block -> byChannels.computeIfAbsent(block.out(), c -> new ArrayList<>()).add(block));
    if (blocks.stream().map(WiredBlock::bottleneck).distinct().count() > 1) {
      throw new Malformed(
          "holds residual blocks of two kinds, basic ones and bottlenecks, which no ResNet has",
          REMEDY);
    }
    if (byChannels.size() != 4) {
      throw new Malformed(
          "holds no ResNet that camjar runs: its convolutions have the shapes of residual blocks in"
              + " "
              + byChannels.size()
              + (byChannels.size() == 1 ? " stage" : " stages")
              + ", where a ResNet has four"
              + (byChannels.size() == 3 ? ": it may be one for CIFAR's 32x32 images" : ""),
          REMEDY);
    }
    List<List<WiredBlock>> stages = new ArrayList<>();
    long before = -1;
    for (List<WiredBlock> stage : byChannels.values()) {
      stages.add(ordered(stage, before));
      before = stage.get(0).out();
    }
    return stages;
  }

  /** The block that comes from the stage before, and the others by their numbers. */
  private static List<WiredBlock> ordered(List<WiredBlock> stage, long before) {
    List<WiredBlock> sorted =
        stage.stream()
            .sorted(Comparator.comparing(WiredBlock::path, NaturalOrder.COMPARATOR))
            .toList();
    List<WiredBlock> entries =
        sorted.stream().filter(b -> b.in() != b.out() || b.hasShortcut()).toList();
    boolean first = before < 0;
    if (entries.size() > 1 || (entries.isEmpty() && !first)) {
      throw new Malformed(
          "holds "
              + entries.size()
              + " residual blocks that lead to "
              + sorted.get(0).out()
              + " channels ("
              + titles(entries.isEmpty() ? sorted : entries)
              + "), where a ResNet has one",
          "keep the tensors of one network in the file");
    }
    if (!first && entries.get(0).in() != before) {
      throw new Malformed(
          "holds the residual block '"
              + entries.get(0).path()
              + "' of "
              + entries.get(0).in()
              + " channels, which does not follow a stage of "
              + before,
          REMEDY);
    }
    List<WiredBlock> order = new ArrayList<>(entries);
    sorted.stream().filter(block -> !entries.contains(block)).forEach(order::add);
    boolean counted =
        order.stream().skip(entries.size()).map(b -> NaturalOrder.form(b.path())).distinct().count()
            <= 1;
    if (!counted) {
      throw new Malformed(
          "holds the residual blocks "
              + titles(order)
              + " of the same shapes, whose order their names do not tell",
          "number them, as torchvision does");
    }
    return order;
  }

  private static String titles(List<WiredBlock> blocks) {
    return String.join(
        ", ", blocks.stream().limit(3).map(block -> "'" + block.path() + "'").toList());
  }

  /** How blocks whose shapes leave no choice name their convolutions. */
  private static Map<Role, Set<String>> names(List<WiredBlock> blocks) {
    Map<Role, Set<String>> names = new EnumMap<>(Role.class);
    for (WiredBlock block : blocks) {
      List<Map<Role, Part>> ways = block.assignments();
      if (ways.size() == 1) {
        ways.get(0)
            .forEach(
                (role, conv) ->
                    names.computeIfAbsent(role, r -> new HashSet<>()).add(block.below(conv)));
      }
    }
    return names;
  }

  private void block(String target, WiredBlock block, Map<Role, Set<String>> names) {
    Map<Role, Part> roles =
        block
            .roles(names)
            .orElseThrow(
                () ->
                    new Malformed(
                        "holds the residual block '"
                            + block.path()
                            + "', whose names do not tell which of its convolutions comes first",
                        "name them as torchvision does: conv1, conv2, conv3, downsample.0"));
    List<Part> own = norms().filter(norm -> Part.isWithin(norm.path(), block.path())).toList();
    Map<Part, Part> pairs =
        NormPairs.of(block.convs(), own)
            .orElseThrow(
                () ->
                    new Malformed(
                        "holds the residual block '"
                            + block.path()
                            + "' with "
                            + block.convs().size()
                            + " convolutions and "
                            + own.size()
                            + " batch norms, of which names and shapes do not tell which norm"
                            + " follows which convolution",
                        REMEDY));
    refuseDetectron(block, pairs);
    roles.forEach(
        (role, conv) -> {
          int pooled = role == Role.SHORTCUT && conv.isNumbered() && conv.number() > 0 ? 1 : 0;
          map(conv, target + (pooled == 0 ? role.conv : "downsample.1"));
          map(pairs.get(conv), target + (pooled == 0 ? role.norm : "downsample.2"));
        });
  }

  /** Detectron2 puts a bottleneck's stride on the 1x1 by default, which weights do not show. */
  private static void refuseDetectron(WiredBlock block, Map<Part, Part> pairs) {
    if (block.bottleneck()
        && pairs.entrySet().stream()
            .allMatch(e -> e.getValue().path().equals(e.getKey().path() + ".norm"))) {
      throw new Malformed(
          "holds bottlenecks named as detectron2 names them ('"
              + block.path()
              + "'), of which the file does not say whether their first or their second"
              + " convolution has the stride",
          "rename the tensors as torchvision does if it is the second, as camjar runs them");
    }
  }

  private void stem(long width, List<Part> convs, List<WiredBlock> blocks) {
    Set<Part> inside = new HashSet<>();
    blocks.forEach(block -> inside.addAll(block.convs()));
    List<Part> outside = convs.stream().filter(conv -> !inside.contains(conv)).toList();
    List<Part> free =
        norms()
            .filter(norm -> blocks.stream().noneMatch(b -> Part.isWithin(norm.path(), b.path())))
            .toList();
    List<Part> seven =
        outside.stream().filter(conv -> conv.isConv(7) && conv.out() == width).toList();
    if (seven.size() == 1) {
      Part conv = seven.get(0);
      map(conv, "conv1");
      map(nearest(conv, free.stream().filter(norm -> norm.out() == width).toList()), "bn1");
      return;
    }
    List<Part> three = outside.stream().filter(conv -> conv.isConv(3)).toList();
    if (seven.isEmpty() && three.size() == 3 && isDeep(three, width)) {
      Map<Part, Part> pairs = NormPairs.of(three, nearestOf(three, free)).orElseThrow(this::noStem);
      for (int i = 0; i < 3; i++) {
        map(three.get(i), "conv1." + 3 * i);
        map(pairs.get(three.get(i)), i == 2 ? "bn1" : "conv1." + (3 * i + 1));
      }
      return;
    }
    Optional<Part> small =
        three.stream().filter(conv -> conv.out() == width && conv.in() < width).findFirst();
    if (seven.isEmpty() && small.isPresent()) {
      throw Faults.smallStem(small.get().path() + ".weight");
    }
    throw noStem();
  }

  private static boolean isDeep(List<Part> convs, long width) {
    return convs.get(1).in() == convs.get(0).out()
        && convs.get(2).in() == convs.get(1).out()
        && convs.get(2).out() == width;
  }

  /** The norms that share the most of the path with these convolutions, one for each. */
  private static List<Part> nearestOf(List<Part> convs, List<Part> norms) {
    String home = Part.common(convs.stream().map(Part::path).toList());
    for (String path = home; ; path = Part.parent(path)) {
      String within = path;
      List<Part> near = norms.stream().filter(n -> Part.isWithin(n.path(), within)).toList();
      if (near.size() >= convs.size() || path.isEmpty()) {
        return near;
      }
    }
  }

  private Part nearest(Part conv, List<Part> norms) {
    for (String path = conv.path(); ; path = Part.parent(path)) {
      String within = path;
      List<Part> near = norms.stream().filter(n -> Part.isWithin(n.path(), within)).toList();
      if (near.size() == 1) {
        return near.get(0);
      }
      if (near.size() > 1) {
        return NormPairs.of(List.of(conv), near).map(p -> p.get(conv)).orElseThrow(this::noStem);
      }
      if (path.isEmpty()) {
        throw noStem();
      }
    }
  }

  private Malformed noStem() {
    return new Malformed(
        "holds four stages of residual blocks, but no 7x7 convolution with a batch norm that leads"
            + " to them",
        REMEDY);
  }

  private Stream<Part> norms() {
    return parts.stream().filter(part -> part.kind() == Part.Kind.NORM);
  }

  private void map(Part part, String target) {
    modules.put(part.path() + ".", target + ".");
  }

  private NameMapping layout() {
    List<String> paths =
        modules.keySet().stream().map(path -> path.substring(0, path.length() - 1)).toList();
    String home = Part.common(paths);
    String prefix = home.isEmpty() ? "" : home + ".";
    return new NameMapping(NameMapping.style(paths), prefix, modules, true);
  }
}
