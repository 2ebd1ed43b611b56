package io.camjar.gradcam.layers;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.PathPattern;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What users say of layers, as paths of a network. */
public final class LayerSelection {
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");

  /** Of torchvision's ResNet, up to the pool. */
  private static final List<String> CHILDREN =
      List.of("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4");

  private LayerSelection() {}

  /**
   * The layers that these names mean, each once, in the order of the names: paths and aliases, an
   * integer k for the output of {@code list(model.children())[:-k]}, {@code all} for the stem and
   * every block, {@code last} or {@code -1} for the last block and {@code -2} for the one before,
   * Python's {@code layer4[-1].conv2}, and patterns such as {@code layer3.*}.
   *
   * @throws CamjarException if there is no such layer, or it has no maps
   */
  public static List<String> select(Network network, Collection<String> names) {
    Points points = network.points();
    Set<String> paths = new LinkedHashSet<>();
    for (String name : names) {
      if (name.equalsIgnoreCase("all")) {
        points.blocks().forEach(block -> paths.add(block.path()));
      } else if (PathPattern.isOne(name)) {
        paths.addAll(LayerPattern.matching(name, points));
      } else {
        paths.add(spatial(point(name, network), points));
      }
    }
    return List.copyOf(paths);
  }

  /** What is counted, by children or by blocks, or else called by a name. */
  private static Point point(String name, Network network) {
    Points points = network.points();
    if (name.equalsIgnoreCase("last")) {
      return points.lastBlock();
    }
    if (INTEGER.matcher(name).matches()) {
      int number = Integer.parseInt(name);
      return number < 0 ? blockFromEnd(points, -number) : beforeLast(number, network);
    }
    return points.resolve(LayerIndex.resolved(name, points));
  }

  private static Point blockFromEnd(Points points, int number) {
    List<Point> blocks = points.blocks();
    if (number > blocks.size()) {
      throw new CamjarException(
          "layer -%d counts blocks from the end, expected -1 to -%d for this network"
              .formatted(number, blocks.size()));
    }
    return blocks.get(blocks.size() - number);
  }

  /**
   * A fastai network has two children, body and head, which leaves 1 to count. Larger numbers are
   * meant for a torchvision network of the same body, whose pool and classifier the head replaces.
   */
  private static Point beforeLast(int number, Network network) {
    boolean fastai =
        network.architecture() instanceof ResNetSpec resnet
            && resnet.head() instanceof SequentialHead;
    if (fastai && number >= 2 && number <= CHILDREN.size() + 1) {
      return network.points().resolve(CHILDREN.get(CHILDREN.size() + 1 - number));
    }
    return network.points().beforeLast(number);
  }

  private static String spatial(Point point, Points points) {
    if (!point.spatial()) {
      throw new CamjarException(
          "layer %s (%s) has no height and width, so there is no map of it; the last layer that has is %s"
              .formatted(point.path(), point.kind(), points.lastBlock()));
    }
    return point.path();
  }
}
