package io.camjar.gradcam.labels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The 1,000 classes of ILSVRC 2012 in the order in which torchvision's and timm's networks give
 * them.
 *
 * <p>{@code imagenet.txt} holds a WordNet 3.0 id and a name a line. The names are those of
 * torchvision 0.14 ({@code torchvision.models._meta}), which tells apart what WordNet calls the
 * same: a crane and a crane bird. The order is that of the ids, which torchvision's {@code
 * ImageFolder} makes of the data set's folders.
 */
public final class ImageNet {
  /** How many classes there are. */
  public static final int CLASSES = 1000;

  private ImageNet() {}

  /** Names and ids of all classes. */
  public static ClassNames classes() {
    try (InputStream in = ImageNet.class.getResourceAsStream("imagenet.txt")) {
      byte[] text = Objects.requireNonNull(in).readAllBytes();
      return LabelLines.read("imagenet.txt", new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
