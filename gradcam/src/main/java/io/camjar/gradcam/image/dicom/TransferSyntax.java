package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.samples.Refusal;
import java.nio.ByteOrder;

/**
 * How a file's data set and pixels are written (PS3.5, annex A).
 *
 * @param explicit whether elements carry their kind
 * @param deflated whether the data set is compressed as a whole
 */
record TransferSyntax(boolean explicit, ByteOrder order, boolean deflated, Pixels pixels) {
  /** The coding of the pixels. */
  enum Pixels {
    NATIVE,
    RLE,
    JPEG
  }

  static final TransferSyntax IMPLICIT =
      new TransferSyntax(false, ByteOrder.LITTLE_ENDIAN, false, Pixels.NATIVE);
  static final TransferSyntax EXPLICIT =
      new TransferSyntax(true, ByteOrder.LITTLE_ENDIAN, false, Pixels.NATIVE);

  private static final String ROOT = "1.2.840.10008.1.2";

  /**
   * The syntax of a name.
   *
   * @throws Refusal naming the coding if camjar does not read it
   */
  static TransferSyntax of(String uid) {
    return switch (uid) {
      case ROOT -> IMPLICIT;
      case ROOT + ".1" -> EXPLICIT;
      case ROOT + ".1.99" -> new TransferSyntax(true, ByteOrder.LITTLE_ENDIAN, true, Pixels.NATIVE);
      case ROOT + ".2" -> new TransferSyntax(true, ByteOrder.BIG_ENDIAN, false, Pixels.NATIVE);
      case ROOT + ".5" -> encapsulated(Pixels.RLE);
      case ROOT + ".4.50", ROOT + ".4.51", ROOT + ".4.57", ROOT + ".4.70" ->
          encapsulated(Pixels.JPEG);
      default -> throw refusal(uid);
    };
  }

  private static TransferSyntax encapsulated(Pixels pixels) {
    return new TransferSyntax(true, ByteOrder.LITTLE_ENDIAN, false, pixels);
  }

  private static Refusal refusal(String uid) {
    return new Refusal(
        "holds DICOM pixels in %s, which camjar does not read".formatted(name(uid)),
        "decompress it first, as with dcmdjpls, gdcmconv --raw or pydicom's decompress()");
  }

  private static String name(String uid) {
    String kind =
        switch (uid.startsWith(ROOT + ".4.") ? uid.substring(ROOT.length() + 3) : "") {
          case "80", "81" -> "JPEG-LS";
          case "90", "91", "92", "93" -> "JPEG 2000";
          case "94", "95" -> "JPIP";
          case "100", "101", "102", "103", "104", "105", "106" -> "MPEG video";
          case "107", "108" -> "HEVC video";
          case "110", "111", "112" -> "JPEG XL";
          case "201", "202", "203", "204", "205" -> "High-Throughput JPEG 2000";
          default -> "";
        };
    return kind.isEmpty()
        ? "the transfer syntax " + (uid.matches("[0-9.]{1,64}") ? uid : "of a damaged name")
        : kind + " (transfer syntax " + uid + ")";
  }
}
