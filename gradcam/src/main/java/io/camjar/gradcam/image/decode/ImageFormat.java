package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.dicom.DicomReader;
import io.camjar.gradcam.image.metadata.Bytes;

/** The image formats camjar reads, told apart by their first bytes, never by the file's name. */
public enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  TIFF,
  WEBP,
  DICOM,
  UNKNOWN;

  /** As many bytes as the longest beginning among them. */
  public static final int BEGINNING = 132;

  /** For messages: what a file may be. */
  public static final String NAMES = "JPEG, PNG, GIF, BMP, TIFF, WebP or DICOM";

  /** Where DICOM files say what they are; before it lies whatever the writer liked. */
  private static final int PREAMBLE = 128;

  /** The format of a file that begins with these bytes. */
  public static ImageFormat of(byte[] file) {
    if (Bytes.starts(file, 0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (Bytes.starts(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (Bytes.starts(file, 0, "GIF87a") || Bytes.starts(file, 0, "GIF89a")) {
      return GIF;
    }
    // Before TIFF: such files may begin as one.
    if (Bytes.starts(file, PREAMBLE, "DICM")) {
      return DICOM;
    }
    if (isTiff(file)) {
      return TIFF;
    }
    if (Bytes.starts(file, 0, "RIFF") && Bytes.starts(file, 8, "WEBP")) {
      return WEBP;
    }
    if (Bytes.starts(file, 0, "BM")) {
      return BMP;
    }
    return DicomReader.isBare(file) ? DICOM : UNKNOWN;
  }

  private static boolean isTiff(byte[] file) {
    boolean classic = Bytes.starts(file, 0, "II*\0") || Bytes.starts(file, 0, "MM\0*");
    boolean big = Bytes.starts(file, 0, "II+\0") || Bytes.starts(file, 0, "MM\0+");
    return classic || big;
  }
}
