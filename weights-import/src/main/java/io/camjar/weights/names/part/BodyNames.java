package io.camjar.weights.names.part;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The children of a ResNet's body that have parameters, by position and by name. */
public final class BodyNames {
  /** Position in {@code list(resnet.children())} to the child's name. */
  public static final Map<Integer, String> CHILDREN =
      Collections.unmodifiableMap(
          new TreeMap<>(
              Map.of(0, "conv1", 1, "bn1", 4, "layer1", 5, "layer2", 6, "layer3", 7, "layer4")));

  /** The class that stands at children without parameters, by position and by name. */
  public static final Map<String, String> PLAIN =
      Map.of("2", "ReLU", "relu", "ReLU", "act1", "ReLU", "3", "MaxPool2d", "maxpool", "MaxPool2d");

  /** What batch norm counts in training; absent from old files and never needed to run. */
  public static final String COUNTER = ".num_batches_tracked";

  private static final Pattern CONVOLUTION = Pattern.compile("(.*\\.)?(conv)?\\d{1,4}");

  private BodyNames() {}

  /** The same as {@link #normOf} for any path; empty where it is not that of a convolution. */
  public static Optional<String> findNormOf(String path) {
    return CONVOLUTION.matcher(path).matches() ? Optional.of(normOf(path)) : Optional.empty();
  }

  /** The batch norm that follows a convolution, both under the engine's paths. */
  static String normOf(String convolution) {
    if (convolution.equals("conv1") || convolution.equals("conv1.6")) {
      return "bn1";
    }
    int dot = convolution.lastIndexOf('.') + 1;
    String child = convolution.substring(dot);
    return convolution.substring(0, dot)
        + (child.startsWith("conv")
            ? "bn" + child.substring("conv".length())
            : String.valueOf(Integer.parseInt(child) + 1));
  }
}
