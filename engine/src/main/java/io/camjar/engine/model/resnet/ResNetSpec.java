package io.camjar.engine.model.resnet;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.UnknownNameException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything that tells one ResNet from another, and nothing that is learned.
 *
 * @param name what users call it, such as {@code resnet34}
 * @param block the residual block
 * @param depths blocks in layer1 to layer4
 * @param width channels of the stem, 64 in the standard networks; layer L has {@code width << (L -
 *     1)} planes
 * @param innerWidth channels of the 3x3 convolutions in layer1, which double with each stage:
 *     {@code width}, but twice that in the bottlenecks of {@code wide_resnet50_2}
 * @param groups of the 3x3 convolutions of bottlenecks, 1 but in a ResNeXt (Xie et al., arXiv
 *     1611.05431)
 * @param gates squeeze and excitation at the end of each branch
 * @param inChannels channels of the image, 3 for colour and 1 for grayscale
 * @param stem the convolutions before {@code bn1}
 * @param shortcut how shortcuts change shape
 * @param head what follows the body
 */
public record ResNetSpec(
    String name,
    BlockKind block,
    List<Integer> depths,
    int width,
    int innerWidth,
    int groups,
    Gates gates,
    int inChannels,
    Stem stem,
    Shortcut shortcut,
    HeadSpec head)
    implements Architecture {

  private static final Map<String, List<Integer>> DEPTHS =
      Map.of(
          "resnet18", List.of(2, 2, 2, 2),
          "resnet34", List.of(3, 4, 6, 3),
          "resnet50", List.of(3, 4, 6, 3),
          "resnet101", List.of(3, 4, 23, 3),
          "resnet152", List.of(3, 8, 36, 3));

  /** Twice as wide in their bottlenecks as the network after the prefix. */
  private static final List<String> WIDE = List.of("wide_resnet50_2", "wide_resnet101_2");

  /** ResNeXts, and networks with gates as timm names them. */
  private static final List<String> GROUPED =
      List.of(
          "resnext50_32x4d",
          "resnext101_32x8d",
          "resnext101_64x4d",
          "seresnet18",
          "seresnet34",
          "seresnet50",
          "seresnet101",
          "seresnet152",
          "seresnext50_32x4d",
          "seresnext101_32x4d",
          "seresnext101_32x8d");

  private static final Pattern MEMBER =
      Pattern.compile("(wide_|se)?resne(?:t|(xt))(\\d+)(?:_(\\d+)(?:x(\\d+)d)?)?");

  /**
   * A network.
   *
   * @throws CamjarException if a stage or a width is missing, groups do not divide the inner width,
   *     or basic blocks have groups or a second width
   */
  public ResNetSpec {
    depths = List.copyOf(depths);
    if (depths.size() != 4 || depths.stream().anyMatch(d -> d < 1)) {
      throw new CamjarException(
          "a ResNet has four stages of at least one block, found depths " + depths);
    }
    if (width < 1 || innerWidth < 1 || inChannels < 1) {
      throw new CamjarException(
          "widths and input channels must be positive, found %d, %d and %d"
              .formatted(width, innerWidth, inChannels));
    }
    if (groups < 1 || innerWidth % groups != 0 || (block == BlockKind.BASIC && groups > 1)) {
      throw new CamjarException(
          "groups divide the width of the 3x3 convolutions of bottlenecks, found %d and %d"
              .formatted(groups, innerWidth));
    }
    if (block == BlockKind.BASIC && innerWidth != width) {
      throw new CamjarException(
          "basic blocks have one width, found %d and %d".formatted(width, innerWidth));
    }
  }

  /** A network without groups and gates. */
  public ResNetSpec(
      String name,
      BlockKind block,
      List<Integer> depths,
      int width,
      int innerWidth,
      int inChannels,
      Stem stem,
      Shortcut shortcut,
      HeadSpec head) {
    this(name, block, depths, width, innerWidth, 1, Gates.NONE, inChannels, stem, shortcut, head);
  }

  /** A network whose 3x3 convolutions are as wide as its planes. */
  public ResNetSpec(
      String name,
      BlockKind block,
      List<Integer> depths,
      int width,
      int inChannels,
      Stem stem,
      Shortcut shortcut,
      HeadSpec head) {
    this(name, block, depths, width, width, inChannels, stem, shortcut, head);
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return Stream.concat(
            DEPTHS.keySet().stream().sorted((a, b) -> Integer.compare(number(a), number(b))),
            Stream.concat(WIDE.stream(), GROUPED.stream()))
        .toList();
  }

  /**
   * A standard network of width 64 on colour images.
   *
   * @param name one of {@link #names()}
   * @throws CamjarException if the name is unknown
   */
  public static ResNetSpec named(String name, HeadSpec head) {
    Matcher words = MEMBER.matcher(name);
    List<Integer> depths = words.matches() ? DEPTHS.get("resnet" + words.group(3)) : null;
    if (depths == null || !names().contains(name)) {
      throw new UnknownNameException(
          "unknown architecture '%s', expected one of %s"
              .formatted(name, String.join(", ", names())),
          name,
          NearestNames.of(name, names(), 1));
    }
    boolean deep = Integer.parseInt(words.group(3)) >= 50;
    BlockKind kind = deep ? BlockKind.BOTTLENECK : BlockKind.BASIC;
    int groups = words.group(2) == null ? 1 : Integer.parseInt(words.group(4));
    int inner = WIDE.contains(name) ? 128 : 64;
    if (groups > 1) {
      inner = groups * Integer.parseInt(words.group(5));
    }
    ResNetSpec plain =
        new ResNetSpec(name, kind, depths, 64, inner, 3, new Stem.Conv7(), Shortcut.CONV, head)
            .withGroups(groups);
    List<Integer> channels = IntStream.rangeClosed(1, 4).mapToObj(plain::channels).toList();
    return "se".equals(words.group(1)) ? plain.withGates(Gates.usual(channels)) : plain;
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring("resnet".length()));
  }

  /** The same network on another base width, its inner width in proportion. */
  public ResNetSpec withWidth(int newWidth) {
    int inner = (int) ((long) innerWidth * newWidth / width);
    return with(newWidth, inner, groups, gates, inChannels, head);
  }

  /** The same network with 3x3 convolutions of another width in layer1, doubling as before. */
  public ResNetSpec withInnerWidth(int inner) {
    return with(width, inner, groups, gates, inChannels, head);
  }

  /** The same network with the 3x3 convolutions of its bottlenecks in groups. */
  public ResNetSpec withGroups(int number) {
    return with(width, innerWidth, number, gates, inChannels, head);
  }

  /** The same network with these gates at the end of each branch. */
  public ResNetSpec withGates(Gates others) {
    return with(width, innerWidth, groups, others, inChannels, head);
  }

  /** The same network on images of another channel count. */
  public ResNetSpec withInChannels(int channels) {
    return with(width, innerWidth, groups, gates, channels, head);
  }

  /** The same body with another head. */
  public ResNetSpec withHead(HeadSpec newHead) {
    return with(width, innerWidth, groups, gates, inChannels, newHead);
  }

  private ResNetSpec with(
      int newWidth, int inner, int number, Gates others, int channels, HeadSpec newHead) {
    return new ResNetSpec(
        name, block, depths, newWidth, inner, number, others, channels, stem, shortcut, newHead);
  }

  @Override
  public int classes() {
    return head.classes();
  }

  @Override
  public String headLabel() {
    return head.label();
  }

  @Override
  public Graph graph() {
    return ResNet.graph(this);
  }

  /** The stem and every block. */
  @Override
  public List<String> blocks() {
    List<String> blocks = new ArrayList<>();
    blocks.add("stem");
    for (int stage = 1; stage <= depths.size(); stage++) {
      for (int block = 0; block < depths.get(stage - 1); block++) {
        blocks.add("layer%d.%d".formatted(stage, block));
      }
    }
    return blocks;
  }

  /** Those of torchvision's ResNet, or body and head, where the body's output is layer4's. */
  @Override
  public List<String> children() {
    if (head instanceof SequentialHead) {
      return List.of("layer4", "head");
    }
    List<String> body =
        List.of(
            "conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool");
    return head instanceof NoHead ? body : Stream.concat(body.stream(), Stream.of("fc")).toList();
  }

  @Override
  public List<String> aliases(String path) {
    return Aliases.of(path, this);
  }

  /** Planes of stage 1 to 4. */
  public int planes(int stage) {
    return width << (stage - 1);
  }

  /** Channels of the 3x3 convolutions of stage 1 to 4: its planes, more in a wide ResNet. */
  public int innerChannels(int stage) {
    return innerWidth << (stage - 1);
  }

  /** Output channels of stage 1 to 4. */
  public int channels(int stage) {
    return planes(stage) * block.expansion();
  }

  /** Channels that the head receives. */
  public int features() {
    return channels(4);
  }
}
