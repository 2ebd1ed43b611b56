package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a file holds whole modules, their class names must be those that camjar computes.
 *
 * <p>A rectifier exchanged for another activation leaves no trace in names and shapes; here it
 * does.
 */
final class ModuleClasses {
  /** Layers that camjar has, and those that do nothing when not training. */
  private static final Set<String> KNOWN =
      Set.of(
          "Conv2d",
          "BatchNorm2d",
          "BatchNorm1d",
          "ReLU",
          "MaxPool2d",
          "AvgPool2d",
          "AdaptiveAvgPool2d",
          "AdaptiveMaxPool2d",
          "AdaptiveConcatPool2d",
          "SelectAdaptivePool2d",
          "FastAdaptiveAvgPool2d",
          "Flatten",
          "Lambda",
          "Dropout",
          "Linear",
          "Sequential",
          "BasicBlock",
          "Bottleneck",
          "Identity",
          "DropPath",
          "Module");

  private ModuleClasses() {}

  static void check(Map<String, String> classes, Layout layout) {
    classes.forEach(
        (path, type) -> {
          String simple = type.substring(type.lastIndexOf('.') + 1);
          Optional<String> plain = layout.child(path).map(BodyNames.PLAIN::get);
          boolean foreign =
              layout.canonical(path + ".").isPresent()
                  ? !KNOWN.contains(simple)
                  : plain.isPresent() && !plain.get().equals(simple) && !simple.equals("Module");
          if (foreign) {
            throw new Malformed(
                "has a layer of class " + type + " at '" + path + "', which camjar does not run",
                "use a ResNet of torchvision, timm or fastai");
          }
        });
  }
}
