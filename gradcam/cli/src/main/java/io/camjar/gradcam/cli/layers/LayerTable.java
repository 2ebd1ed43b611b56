package io.camjar.gradcam.cli.layers;

import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.weights.container.preparation.Size;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The points of a network with their shapes and costs, as text. */
final class LayerTable {
  private static final List<String> STEM = List.of("conv1", "bn1", "relu", "maxpool");

  private final Network network;
  private final Map<String, LayerShape> shapes;

  private LayerTable(Network network, Size size) {
    this.network = network;
    this.shapes =
        network.shapes(1, size.height(), size.width()).stream()
            .collect(Collectors.toMap(LayerShape::path, shape -> shape, (first, same) -> first));
  }

  /** Prints the table for an input of a size. */
  static void print(Network network, Size size, PrintWriter out) {
    Architecture architecture = network.architecture();
    out.printf(
        "%s, %s head, %d classes, input %dx%dx%d%n%n",
        architecture.name(),
        architecture.headLabel(),
        architecture.classes(),
        architecture.inChannels(),
        size.height(),
        size.width());
    LayerTable table = new LayerTable(network, size);
    TextTable text =
        new TextTable(
            "point", "", "kind", "output", ">parameters", ">multiply-adds", ">cached", "aliases");
    for (Point point : network.points().all()) {
      text.row(table.row(point));
    }
    text.print(out);
    out.printf(
        Locale.ROOT,
        "%n%,d parameters, %,d multiply-accumulates an image%n"
            + "* what --layer all explains; cached: bytes that keeping the point's output takes%n",
        table.parameters(name -> true),
        table.multiplyAccumulates(path -> true));
  }

  private List<String> row(Point point) {
    LayerShape shape = shapes.get(point.path());
    Predicate<String> inside = inside(point.path());
    return List.of(
        point.path(),
        point.block() ? "*" : "",
        point.kind(),
        Arrays.stream(shape.output())
            .skip(1)
            .mapToObj(Long::toString)
            .collect(Collectors.joining("x")),
        count(parameters(inside)),
        count(multiplyAccumulates(inside)),
        count(shape.activationBytes()),
        String.join(", ", point.aliases()));
  }

  /** The names at or below a path; the stem has no path of its own in PyTorch. */
  private static Predicate<String> inside(String path) {
    if (path.equals("stem")) {
      return name -> STEM.stream().anyMatch(part -> inside(part).test(name));
    }
    return name -> name.equals(path) || name.startsWith(path + ".");
  }

  /** Learned numbers: running statistics are not. */
  private long parameters(Predicate<String> inside) {
    long sum = 0;
    for (Map.Entry<String, long[]> entry : network.architecture().parameterShapes().entrySet()) {
      if (inside.test(entry.getKey()) && !entry.getKey().contains(".running_")) {
        sum += Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b);
      }
    }
    return sum;
  }

  private long multiplyAccumulates(Predicate<String> inside) {
    List<LayerShape> found = new ArrayList<>(shapes.values());
    found.removeIf(shape -> !inside.test(shape.path()));
    return found.stream().mapToLong(LayerShape::multiplyAccumulates).sum();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
