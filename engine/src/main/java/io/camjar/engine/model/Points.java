package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.UnknownNameException;
import io.camjar.engine.graph.LayerShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Every addressable point of a network, by path and by alias. */
public final class Points {
  /** The path of the image itself, whose gradient can be asked for like any other point's. */
  public static final String INPUT = "input";

  private static final int SUGGESTIONS = 3;

  private final List<Point> all;
  private final Map<String, Point> byName = new HashMap<>();
  private final List<Point> children;

  private Points(List<Point> all, List<String> topLevel) {
    this.all = List.copyOf(all);
    for (Point point : all) {
      point.aliases().forEach(alias -> byName.putIfAbsent(key(alias), point));
    }
    byName.put(INPUT, new Point(INPUT, "Input", List.of(), false, true));
    // A path always beats an alias.
    all.forEach(point -> byName.put(key(point.path()), point));
    this.children = topLevel.stream().map(this::resolve).toList();
  }

  /** The points of a network from its layers as shapes pass through them. */
  static Points of(Architecture architecture, List<LayerShape> shapes) {
    Set<String> blocks = new HashSet<>(architecture.blocks());
    Map<String, Point> points = new LinkedHashMap<>();
    for (LayerShape shape : shapes) {
      String path = shape.path();
      if (!path.isEmpty()) {
        points.put(
            path,
            new Point(
                path,
                shape.kind(),
                architecture.aliases(path),
                blocks.contains(path),
                architecture.hasMaps(path, shape.output())));
      }
    }
    return new Points(
        List.copyOf(points.values()),
        architecture.children().stream().filter(points::containsKey).toList());
  }

  /**
   * All layers' points in data-flow order; a container follows what it holds. {@link #INPUT} is not
   * among them.
   */
  public List<Point> all() {
    return all;
  }

  /** The points of the evolution, such as the stem and every block, in network order. */
  public List<Point> blocks() {
    return all.stream().filter(Point::block).toList();
  }

  /**
   * The last point of the evolution: where Grad-CAM looks by default.
   *
   * @throws CamjarException if there is none
   */
  public Point lastBlock() {
    List<Point> blocks = blocks();
    if (blocks.isEmpty()) {
      throw new CamjarException(
          "no layer of this network lies on the image, so there is nothing to draw a map of");
    }
    return blocks.get(blocks.size() - 1);
  }

  /**
   * The last point left after {@code k} top-level children are dropped from the end, as {@code
   * list(model.children())[:-k]} does in PyTorch. A number that is too large for that is a point's
   * name where one is called so, as older exporters to ONNX call values.
   *
   * @throws CamjarException if nothing would be left
   */
  public Point beforeLast(int k) {
    Point named = byName.get(key(Integer.toString(k)));
    if (k >= 1 && k >= children.size() && named != null) {
      return named;
    }
    if (children.size() < 2) {
      throw new CamjarException(
          "layer %d counts top-level children from the end, and this network names none to count; give a layer's name, ./camjar layers lists them"
              .formatted(k));
    }
    if (k < 1 || k >= children.size()) {
      throw new CamjarException(
          "layer %d counts top-level children from the end, expected 1 to %d for this network"
              .formatted(k, children.size() - 1));
    }
    return children.get(children.size() - 1 - k);
  }

  /**
   * The point of this name: a path, fastai's name or a notebook's title; case and blanks do not
   * matter.
   *
   * @throws UnknownNameException if there is none; offers the nearest names
   */
  public Point resolve(String name) {
    Point point = byName.get(key(name));
    if (point == null) {
      List<String> known = names();
      String hint = NearestNames.hint(name, known, SUGGESTIONS);
      throw new UnknownNameException(
          "unknown layer '%s'%s"
              .formatted(
                  name, hint.isEmpty() ? "; ./camjar layers lists the names there are" : hint),
          name,
          NearestNames.of(name, known, SUGGESTIONS));
    }
    return point;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (Point point : all) {
      names.add(point.path());
      names.addAll(point.aliases());
    }
    return names;
  }

  private static String key(String name) {
    return name.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
  }
}
