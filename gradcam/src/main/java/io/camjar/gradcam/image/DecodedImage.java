package io.camjar.gradcam.image;

import io.camjar.gradcam.image.decode.Decoding;
import io.camjar.gradcam.image.samples.Samples;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An image and how it was read.
 *
 * @param image the pixels, upright if that was wanted
 * @param decoding which page, how turned, what became of its samples, what a user should know
 */
public record DecodedImage(RgbImage image, Decoding decoding) {
  /**
   * What the file leaves open and how it was taken, for records: {@code image.orientation} where
   * the file says that it is not upright, {@code image.page} where there are several, {@code
   * image.samples} where they were not 8 bits.
   */
  public List<Assumption> assumptions() {
    List<Assumption> found = new ArrayList<>();
    if (decoding.orientation() != 1) {
      found.add(
          decoding.turned()
              ? Assumption.byFile(
                  "image.orientation",
                  decoding.orientation(),
                  "turned upright as %s says; the loaders of torchvision, timm and fastai turn TIFF only"
                      .formatted(decoding.orientationFrom()))
              : Assumption.byOption(
                  "image.orientation",
                  decoding.orientation(),
                  "left as it is stored, although %s says how to turn it"
                      .formatted(decoding.orientationFrom())));
    }
    if (decoding.pages() > 1) {
      String page = "%d of %d".formatted(decoding.page(), decoding.pages());
      found.add(
          decoding.page() == 1
              ? Assumption.byDefault("image.page", page, "")
              : Assumption.byOption("image.page", page, ""));
    }
    Samples samples = decoding.samples();
    if (samples != null) {
      Source source = Source.valueOf(samples.by().toUpperCase(Locale.ROOT));
      found.add(new Assumption("image.samples", samples.describe(), source, ""));
    }
    return found;
  }
}
