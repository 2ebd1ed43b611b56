package io.camjar.gradcam.image.metadata;

import java.util.OptionalInt;

/**
 * Which way a file says is up. Where EXIF has the tag, XMP is not asked, as in Pillow's {@code
 * Image.getexif}.
 *
 * @param value EXIF's 1 to 8: 1 upright, 6 to be turned by 90 degrees clockwise
 * @param source {@code EXIF}, {@code XMP}, {@code TIFF}, or {@code none}
 */
public record OrientationTag(int value, String source) {
  /** The file says nothing about it. */
  public static final OrientationTag NONE = new OrientationTag(1, "none");

  /** What JPEG's blocks put before EXIF; some writers of other formats keep it. */
  static final String EXIF_PREFIX = "Exif\0\0";

  /** What JPEG's blocks put before XMP. */
  static final String XMP_PREFIX = "http://ns.adobe.com/xap/1.0/\0";

  /**
   * The orientation that these blocks ask for.
   *
   * @param exif a small TIFF file, with or without JPEG's prefix; may be empty
   * @param xmp an XMP packet, with or without JPEG's prefix; may be empty
   */
  public static OrientationTag of(byte[] exif, byte[] xmp) {
    OptionalInt tag = Exif.orientation(Bytes.without(EXIF_PREFIX, exif));
    if (tag.isPresent()) {
      return of(tag.getAsInt(), "EXIF");
    }
    OptionalInt written = Xmp.orientation(Bytes.without(XMP_PREFIX, xmp));
    return written.isPresent() ? of(written.getAsInt(), "XMP") : NONE;
  }

  /** A value that a file holds; others than 1 to 8 mean nothing. */
  public static OrientationTag of(int value, String source) {
    return value >= 1 && value <= 8 ? new OrientationTag(value, source) : NONE;
  }
}
