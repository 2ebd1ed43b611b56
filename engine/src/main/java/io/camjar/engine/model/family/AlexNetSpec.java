package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * AlexNet in one column (Krizhevsky, arXiv 1404.5997).
 *
 * @param name {@code alexnet}
 * @param hidden features of the two hidden linear layers, 4096 in the published network
 * @param inChannels of the image
 * @param classes scored
 */
record AlexNetSpec(String name, int hidden, int inChannels, int classes) implements FamilySpec {
  private static final int GRID = 6;

  static Family family() {
    return new PublishedFamily(
        "AlexNet",
        "features.0.weight",
        "classifier.6.weight",
        Map.of(
            "alexnet",
            (name, channels, classes) -> new AlexNetSpec(name, 4096, channels, classes)));
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
    int y = modules.op("1", new ReLU(), modules.conv("0", inChannels, 64, 11, 4, 2, true, image));
    y = modules.maxPool("2", 3, 2, 0, false, y);
    y = modules.op("4", new ReLU(), modules.conv("3", 64, 192, 5, 1, 2, true, y));
    y = modules.maxPool("5", 3, 2, 0, false, y);
    y = modules.op("7", new ReLU(), modules.conv("6", 192, 384, 3, 1, 1, true, y));
    y = modules.op("9", new ReLU(), modules.conv("8", 384, 256, 3, 1, 1, true, y));
    y = modules.op("11", new ReLU(), modules.conv("10", 256, 256, 3, 1, 1, true, y));
    return modules.maxPool("12", 3, 2, 0, false, y);
  }

  private int classifier(Modules modules, int x) {
    int y = modules.op("0", new Dropout(0.5), x);
    y = modules.op("1", new Linear(256 * GRID * GRID, hidden, true), y);
    y = modules.op("3", new Dropout(0.5), modules.op("2", new ReLU(), y));
    y = modules.op("5", new ReLU(), modules.op("4", new Linear(hidden, hidden, true), y));
    return modules.op("6", new Linear(hidden, classes, true), y);
  }
}
