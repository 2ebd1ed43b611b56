package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * AlexNet in one column (Krizhevsky, arXiv 1404.5997).
 *
 * @param name {@code alexnet}
 * @param widths of the five convolutions
 * @param hidden features of the two hidden linear layers, 4096 in the published network
 * @param inChannels of the image
 * @param classes scored
 */
record AlexNetSpec(String name, List<Integer> widths, int hidden, int inChannels, int classes)
    implements FamilySpec {
  private static final int GRID = 6;
  static final List<Integer> WIDTHS = List.of(64, 192, 384, 256, 256);
  private static final List<Integer> CONVOLUTIONS = List.of(0, 3, 6, 8, 10);

  static Family family() {
    return new PublishedFamily(
        "AlexNet",
        "features.0.weight",
        "classifier.6.weight",
        Map.of(
            "alexnet",
            (name, channels, classes) -> new AlexNetSpec(name, WIDTHS, 4096, channels, classes)),
        AlexNetSpec::other);
  }

  /** Any widths. */
  private static Optional<Architecture> other(TensorShapes shapes) {
    return Optional.of(
        new AlexNetSpec(
            "alexnet",
            CONVOLUTIONS.stream().map(i -> shapes.side("features." + i + ".weight", 0, 1)).toList(),
            shapes.side("classifier.1.weight", 0, 4096),
            shapes.side("features.0.weight", 1, 3),
            shapes.side("classifier.6.weight", 0, 1)));
  }

  @Override
  public Pattern blockPaths() {
    return Pattern.compile("features\\.(2|5|12)");
  }

  @Override
  public Graph graph() {
    Modules modules = new Modules();
    return modules.network(
        image -> {
          int y = modules.sequential("features", image, x -> features(modules, x));
          y = modules.op("avgpool", new AdaptiveAvgPool2d(GRID, GRID), y);
          y = modules.op("flatten", new Flatten(), y);
          return modules.sequential("classifier", y, x -> classifier(modules, x));
        });
  }

  private int features(Modules modules, int image) {
    int y = conv(modules, 0, inChannels, 11, 4, 2, image);
    y = modules.maxPool("2", 3, 2, 0, false, y);
    y = conv(modules, 1, widths.get(0), 5, 1, 2, y);
    y = modules.maxPool("5", 3, 2, 0, false, y);
    for (int i = 2; i < widths.size(); i++) {
      y = conv(modules, i, widths.get(i - 1), 3, 1, 1, y);
    }
    return modules.maxPool("12", 3, 2, 0, false, y);
  }

  private int conv(Modules modules, int number, int in, int kernel, int stride, int pad, int x) {
    int at = CONVOLUTIONS.get(number);
    int y =
        modules.conv(Integer.toString(at), in, widths.get(number), kernel, stride, pad, true, x);
    return modules.op(Integer.toString(at + 1), new ReLU(), y);
  }

  private int classifier(Modules modules, int x) {
    int features = widths.get(widths.size() - 1) * GRID * GRID;
    int y = modules.op("0", new Dropout(0.5), x);
    y = modules.op("1", new Linear(features, hidden, true), y);
    y = modules.op("3", new Dropout(0.5), modules.op("2", new ReLU(), y));
    y = modules.op("5", new ReLU(), modules.op("4", new Linear(hidden, hidden, true), y));
    return modules.op("6", new Linear(hidden, classes, true), y);
  }
}
