package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.samples.SampleScale;
import org.jspecify.annotations.Nullable;

/**
 * What a file leaves open. Immutable; the {@code with} methods return variants.
 *
 * @param orient whether JPEG, PNG and WebP images are turned upright as EXIF or XMP say, which
 *     Pillow's {@code exif_transpose} does and the loaders of torchvision, timm and fastai do not;
 *     TIFF images always are, as by Pillow itself
 * @param page which page of a TIFF file or frame of a DICOM file is read, from 1
 * @param scale which numbers are black and white; null leaves it to the file. Applies to samples of
 *     more than 8 bits, signed or floating-point ones, and to all gray DICOM images.
 */
public record ReadOptions(boolean orient, int page, @Nullable SampleScale scale) {
  /** Upright, the first page, black and white as the file says. */
  public static final ReadOptions STANDARD = new ReadOptions(true, 1, null);

  /**
   * Refuses pages below 1.
   *
   * @throws IllegalArgumentException if the page is below 1
   */
  public ReadOptions {
    if (page < 1) {
      throw new IllegalArgumentException("pages count from 1, so there is no page " + page);
    }
  }

  /** The same, turning images upright or leaving them as they are stored. */
  public ReadOptions withOrient(boolean upright) {
    return new ReadOptions(upright, page, scale);
  }

  /** The same for another page, from 1. */
  public ReadOptions withPage(int number) {
    return new ReadOptions(orient, number, scale);
  }

  /** The same with other ends of black and white. */
  public ReadOptions withScale(@Nullable SampleScale ends) {
    return new ReadOptions(orient, page, ends);
  }
}
