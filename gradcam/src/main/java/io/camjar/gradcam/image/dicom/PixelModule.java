package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.samples.Limits;
import io.camjar.gradcam.image.samples.Refusal;
import java.io.IOException;
import java.util.Locale;

/**
 * What a data set says about its pixels (PS3.3, C.7.6.3).
 *
 * @param samples numbers a pixel: 1 or 3
 * @param bitsAllocated bits a number takes: 8, 16 or 32
 * @param bitsStored how many of them count, from {@code highBit} down
 * @param planar whether all of the first colour come before all of the second
 */
record PixelModule(
    int rows,
    int columns,
    int samples,
    String photometric,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean signed,
    boolean planar,
    int frames) {
  /** In memory: the numbers, their levels and the image turned. */
  private static final int BYTES_PER_SAMPLE = 8;

  static PixelModule of(DicomDataset data) throws IOException {
    if (data.has(Tag.FLOAT_PIXELS) || data.has(Tag.DOUBLE_PIXELS)) {
      throw new Refusal(
          "holds floating-point DICOM pixels, which camjar does not read",
          "save the image as a TIFF and name its --range");
    }
    if (data.get(Tag.PIXELS) == null) {
      throw new Refusal(
          "is a DICOM file without pixels", "name one that holds an image, not a report or index");
    }
    int allocated = data.number(Tag.BITS_ALLOCATED);
    if (allocated > 8 && !data.has(Tag.PIXEL_REPRESENTATION)) {
      throw new IOException(
          "it has no %s, which tells whether samples are signed"
              .formatted(Tag.name(Tag.PIXEL_REPRESENTATION)));
    }
    if (!data.has(Tag.PHOTOMETRIC)) {
      throw new IOException("it has no " + Tag.name(Tag.PHOTOMETRIC));
    }
    int stored = data.number(Tag.BITS_STORED, allocated);
    Double frames = data.decimal(Tag.FRAMES);
    PixelModule module =
        new PixelModule(
            data.number(Tag.ROWS),
            data.number(Tag.COLUMNS),
            data.number(Tag.SAMPLES_PER_PIXEL, 1),
            data.text(Tag.PHOTOMETRIC).toUpperCase(Locale.ROOT),
            allocated,
            stored,
            data.number(Tag.HIGH_BIT, stored - 1),
            data.number(Tag.PIXEL_REPRESENTATION, 0) == 1,
            data.number(Tag.PLANAR, 0) == 1,
            frames == null ? 1 : (int) Math.max(1, Math.min(frames, Integer.MAX_VALUE)));
    module.check();
    return module;
  }

  private void check() throws IOException {
    Limits.check(columns, rows);
    if (samples != 1 && samples != 3) {
      throw new IOException("it has %d samples a pixel".formatted(samples));
    }
    Limits.checkMemory(columns, rows, (long) BYTES_PER_SAMPLE * samples + 12);
    if (bitsAllocated == 1) {
      throw new Refusal(
          "is a DICOM mask of one bit a pixel, which camjar does not read",
          "name the image that it belongs to");
    }
    if (bitsAllocated != 8 && bitsAllocated != 16 && bitsAllocated != 32) {
      throw new IOException("it allocates %d bits".formatted(bitsAllocated));
    }
    if (bitsStored < 1 || highBit >= bitsAllocated || highBit < bitsStored - 1) {
      throw new IOException(
          "it stores %d bits up to bit %d of %d".formatted(bitsStored, highBit, bitsAllocated));
    }
  }

  int pixels() {
    return rows * columns;
  }

  /** Whether pixels are gray values, be small ones black or white. */
  boolean isGray() {
    return photometric.equals("MONOCHROME2") || photometric.equals("MONOCHROME1");
  }

  /** The number among the bits that were stored. */
  double value(int raw) {
    int up = 31 - highBit;
    int down = 32 - bitsStored;
    return signed ? raw << up >> down : (raw << up >>> down) & 0xffffffffL;
  }

  /** The kind of number, for people. */
  String type() {
    return "%s%d-bit".formatted(signed ? "signed " : "", bitsStored);
  }
}
