package io.camjar.gradcam.image;

/** What a file may ask of memory, checked before any is taken. */
final class Limits {
  /** Pixels of a picture: 100 million, for example 10,000 x 10,000. */
  static final long PIXELS = 100_000_000;

  /** Bytes of a picture file: 256 MiB. */
  static final int FILE_BYTES = 256 << 20;

  /** The decoder's raster, our copy of it and a turned copy: at most 4 + 3 + 3 bytes, doubled. */
  private static final long BYTES_PER_PIXEL = 20;

  private Limits() {}

  /**
   * Refuses sides and areas that camjar does not decode.
   *
   * @throws Refusal saying what was found and what the limit is
   */
  static void check(long width, long height) {
    if (width < 2 || height < 2) {
      throw new Refusal(
          "is %d x %d pixels, too small to explain".formatted(width, height),
          "use a picture of at least 2 x 2 pixels");
    }
    long pixels = width * height;
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || pixels > PIXELS) {
      throw new Refusal(
          "says it is %d x %d pixels, more than the %d million that camjar reads"
              .formatted(width, height, PIXELS / 1_000_000),
          "make it smaller first");
    }
    long heap = Runtime.getRuntime().maxMemory();
    if (pixels * BYTES_PER_PIXEL > heap) {
      throw new Refusal(
          "is %d x %d pixels, which needs about %d MB of a heap of %d MB"
              .formatted(width, height, pixels * BYTES_PER_PIXEL >> 20, heap >> 20),
          "make it smaller or give Java more memory with -Xmx");
    }
  }

  /** A reason not to read on, still without the name of the file. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    Refusal(String cause, String remedy) {
      super(cause);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }
}
