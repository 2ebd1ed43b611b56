package io.camjar.engine.model;

import java.util.List;

/**
 * A place in the network whose activation and gradient can be asked for.
 *
 * @param path canonical name, such as {@code layer3.2.conv1}
 * @param kind the layer's class, such as {@code Conv2d}
 * @param aliases other names of the same place, such as fastai's {@code 0.6.2.conv1}
 * @param block whether it is one of the points of the evolution: the stem or a block's output
 * @param spatial whether its output is {@code [N, C, H, W]}, so that it has a map
 */
public record Point(
    String path, String kind, List<String> aliases, boolean block, boolean spatial) {

  public Point {
    aliases = List.copyOf(aliases);
  }

  @Override
  public String toString() {
    return path;
  }
}
