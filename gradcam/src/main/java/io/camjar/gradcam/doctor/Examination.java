package io.camjar.gradcam.doctor;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.DecodedImage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a file of weights is examined with.
 *
 * @param asked prepares images and reads outputs as the user asks for
 * @param names names of classes that stand in for the file's; null for none
 * @param image an image of the kind that the network was trained on; null for none
 * @param imageName what the Python code reads the image from
 */
public record Examination(
    UnaryOperator<Explainer> asked,
    @Nullable GivenNames names,
    @Nullable DecodedImage image,
    String imageName) {

  /**
   * Names that were given for the classes, whether they fit or not.
   *
   * @param source where they come from
   * @param count how many there are
   */
  public record GivenNames(String source, int count) {}

  /** Nothing but the file. */
  public static Examination plain() {
    return new Examination(UnaryOperator.identity(), null, null, "image.jpg");
  }

  /** The same with an image. */
  public Examination with(DecodedImage picture, String name) {
    return new Examination(asked, names, picture, name);
  }

  /** The same with images prepared and outputs read in another way. */
  public Examination asking(UnaryOperator<Explainer> way) {
    return new Examination(way, names, image, imageName);
  }
}
