package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.Bytes;
import io.camjar.gradcam.image.samples.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What people give as images and camjar does not read, told by its first bytes. */
final class ForeignFormat {
  private static final String CONVERT = "convert it to PNG or JPEG first";
  private static final String RAW = "a camera's raw file";
  private static final String DEVELOP =
      "develop it to JPEG, PNG or TIFF first, as your training images were";

  /** Texts are looked for their first mark-up this far. */
  private static final int TEXT = 1024;

  private record Known(int at, String magic, String name, String remedy) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(0, "\u00ff\n", "a JPEG XL image", CONVERT),
          new Known(4, "JXL \r\n\u0087\n", "a JPEG XL image", CONVERT),
          new Known(4, "jP  \r\n\u0087\n", "a JPEG 2000 image", CONVERT),
          new Known(0, "\u00ffO\u00ffQ", "a JPEG 2000 codestream", CONVERT),
          new Known(0, "II\u00bc\u0001", "a JPEG XR image", CONVERT),
          new Known(0, "%PDF-", "a PDF document", "draw its page as a PNG first"),
          new Known(0, "%!PS", "a PostScript document", "draw its page as a PNG first"),
          new Known(0, "8BPS", "a Photoshop document", CONVERT),
          new Known(0, "gimp xcf", "a GIMP document", CONVERT),
          new Known(0, "\0\0\u0001\0", "a Windows icon", CONVERT),
          new Known(0, "qoif", "a QOI image", CONVERT),
          new Known(0, "v/1\u0001", "an OpenEXR image", CONVERT),
          new Known(0, "#?RADIANCE", "a Radiance HDR image", CONVERT),
          new Known(0, "SIMPLE  =", "a FITS file", "save its image as a TIFF or PNG first"),
          new Known(344, "n+1\0", "a NIfTI volume", "save one of its slices as PNG or .npy first"),
          new Known(0, "\u0089HDF\r\n", "an HDF5 file", "save its image as PNG or .npy first"),
          new Known(0, "\u0093NUMPY", "a NumPy array", "give it as --input-npy FILE"),
          new Known(0, "FUJIFILMCCD-RAW", RAW, DEVELOP),
          new Known(0, "IIRO", RAW, DEVELOP),
          new Known(0, "IIRS", RAW, DEVELOP),
          new Known(0, "MMOR", RAW, DEVELOP),
          new Known(0, "IIU\0", RAW, DEVELOP),
          new Known(0, "FOVb", RAW, DEVELOP),
          new Known(8, "CR\u0002", RAW, DEVELOP),
          new Known(0, "PK\u0003\u0004", "a ZIP archive", "unpack it and name the images in it"),
          new Known(0, "\u001f\u008b", "a gzip file", "unpack it first"),
          new Known(0, "\u001aE\u00df\u00a3", "a Matroska or WebM video", "name one of its frames"),
          new Known(
              0,
              "version https://git-lfs.github.com/spec/v1",
              "a Git LFS pointer, not the file it stands for",
              "run git lfs pull"));

  private ForeignFormat() {}

  /**
   * Refuses a file whose format is known, though not read.
   *
   * @throws Refusal naming the format and what to do
   */
  static void refuse(byte[] file) {
    for (Known known : KNOWN) {
      if (Bytes.starts(file, known.at(), known.magic())) {
        throw refusal(known.name(), known.remedy());
      }
    }
    refuseNetpbm(file);
    if (Bytes.starts(file, 4, "ftyp")) {
      refuseBrand(new String(file, 8, Math.min(4, file.length - 8), StandardCharsets.ISO_8859_1));
    }
    refuseText(
        new String(file, 0, Math.min(TEXT, file.length), StandardCharsets.UTF_8)
            .replace("\ufeff", "")
            .strip()
            .toLowerCase(Locale.ROOT));
  }

  private static void refuseNetpbm(byte[] file) {
    boolean named = file.length > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '7';
    if (named && Character.isWhitespace(file[2])) {
      throw refusal("a Netpbm image (PBM, PGM, PPM or PAM)", CONVERT);
    }
  }

  /** ISO base media files: the first brand says what is inside. */
  private static void refuseBrand(String brand) {
    switch (brand) {
      case "avif", "avis" -> throw refusal("an AVIF image", CONVERT);
      case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" ->
          throw refusal("an HEIC image", CONVERT);
      case "crx " -> throw refusal(RAW, DEVELOP);
      default -> throw refusal("a video or another ISO media file", "name one of its frames");
    }
  }

  private static void refuseText(String start) {
    boolean xml = start.startsWith("<?xml") || start.startsWith("<!--");
    if (start.startsWith("<svg") || (xml && start.contains("<svg"))) {
      throw refusal("an SVG drawing", "draw it as a PNG first");
    }
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      throw refusal("a web page", "download the image itself again");
    }
  }

  private static Refusal refusal(String name, String remedy) {
    return new Refusal("is " + name + ", which camjar does not read", remedy);
  }
}
