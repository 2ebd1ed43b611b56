package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Vectors of classes that an embedding is compared with, as margin losses keep them (ArcFace,
 * CosFace, proxies): a network whose outputs they take gives embeddings, and no classes.
 */
public final class ClassVectors {
  private static final Set<String> NAMES =
      Set.of(
          "weight",
          "weights",
          "w",
          "kernel",
          "proxies",
          "proxy",
          "centers",
          "centres",
          "prototypes");
  private static final Pattern MARGIN =
      Pattern.compile("(?i).*(arc|cosface|sphereface|adacos|margin|proxy|proxies|softtriple).*");

  private ClassVectors() {}

  /**
   * Whether a tensor of a loss or metric has the shape of vectors of classes for this many outputs:
   * {@code [classes, outputs]}, or {@code [outputs, classes]} where its name is that of a margin
   * loss ({@code W} in pytorch-metric-learning).
   *
   * @param name keys and name, with dots
   * @param features channels of the body's last block; what takes these stands next to the head
   */
  public static boolean take(String name, long[] shape, long outputs, long features) {
    String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (shape.length != 2 || shape[0] == shape[1] || !NAMES.contains(last)) {
      return false;
    }
    boolean rows = shape[1] == outputs && shape[0] > 1;
    boolean columns =
        shape[0] == outputs
            && shape[1] != features
            && shape[1] > 1
            && !last.startsWith("cent")
            && (last.equals("w") || MARGIN.matcher(name).matches());
    return rows || columns;
  }

  /**
   * Why a network is not run whose outputs such vectors take.
   *
   * @param key what chooses the network alone; empty if nothing does
   */
  public static Malformed refusal(String name, long outputs, String key) {
    return new Malformed(
        "compares the network's %d outputs with the vectors of classes in '%s': the outputs are embeddings, and the classes are what a margin loss makes of them"
            .formatted(outputs, name),
        key.isEmpty()
            ? "remove '"
                + name
                + "' from the file to see what speaks for single numbers of the embedding"
            : "--key "
                + key
                + " takes the network alone, and explains single numbers of the embedding");
  }
}
