package io.camjar.gradcam.image;

import java.nio.charset.StandardCharsets;

/** The picture formats camjar reads, told apart by their first bytes, never by the file's name. */
enum PictureFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  TIFF,
  WEBP,
  UNKNOWN;

  static PictureFormat of(byte[] file) {
    if (starts(file, 0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (starts(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (starts(file, 0, "GIF87a") || starts(file, 0, "GIF89a")) {
      return GIF;
    }
    if (starts(file, 0, "BM")) {
      return BMP;
    }
    if (starts(file, 0, "II*\0") || starts(file, 0, "MM\0*")) {
      return TIFF;
    }
    if (starts(file, 0, "RIFF") && starts(file, 8, "WEBP")) {
      return WEBP;
    }
    return UNKNOWN;
  }

  /** Whether the Latin-1 characters of {@code magic} stand at {@code offset}. */
  static boolean starts(byte[] file, int offset, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (file.length < offset + wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (file[offset + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
