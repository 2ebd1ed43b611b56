package io.camjar.gradcam.image.samples;

import io.camjar.engine.kernel.Heap;

/** What a file may ask of memory, checked before any is taken. */
public final class Limits {
  /** Pixels of an image: 100 million, for example 10,000 x 10,000. */
  public static final long PIXELS = 100_000_000;

  /** Bytes of an image file: 256 MiB. */
  public static final int FILE_BYTES = 256 << 20;

  /** The decoder's raster, our copy of it and a turned copy: at most 4 + 3 + 3 bytes, doubled. */
  private static final long BYTES_PER_PIXEL = 20;

  private Limits() {}

  /**
   * Refuses sides and areas that camjar does not decode.
   *
   * @throws Refusal saying what was found and what the limit is
   */
  public static void check(long width, long height) {
    if (width < 1 || height < 1) {
      throw new Refusal(
          "is %d x %d pixels, which is none at all".formatted(width, height),
          "use an image of at least 1 x 1 pixel");
    }
    checkArea(width, height);
  }

  /**
   * The same for a part of an image, which may be small.
   *
   * @throws Refusal saying what was found and what the limit is
   */
  public static void checkArea(long width, long height) {
    long pixels = width * height;
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || pixels > PIXELS) {
      throw new Refusal(
          "says it is %d x %d pixels, more than the %d million that camjar reads"
              .formatted(width, height, PIXELS / 1_000_000),
          "make it smaller first");
    }
    checkMemory(width, height, BYTES_PER_PIXEL);
  }

  /**
   * Refuses what does not fit into Java's memory.
   *
   * @param bytesPerPixel for all that is held at the same time
   * @throws Refusal saying what is needed and what there is
   */
  public static void checkMemory(long width, long height, long bytesPerPixel) {
    long heap = Heap.largest();
    // Cannot overflow: the area was checked, and no pixel takes a gigabyte.
    long needed = width * height * bytesPerPixel;
    if (needed > heap) {
      throw new Refusal(
          "is %d x %d pixels, which needs about %d MB of a heap of %d MB"
              .formatted(width, height, needed >> 20, heap >> 20),
          "make it smaller or give Java more memory with -Xmx");
    }
  }
}
