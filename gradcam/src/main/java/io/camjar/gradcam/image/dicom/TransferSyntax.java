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

  /** What a syntax is called, and what gives pixels that are read. */
  private record Other(String kind, String remedy) {}

  private static final String SAVE_AGAIN =
      "save it without compression in the program that it comes from";
  private static final String SAVE_FRAME = "save one of its frames as PNG";

  private static Refusal refusal(String uid) {
    Other other = other(uid.startsWith(ROOT + ".4.") ? uid.substring(ROOT.length() + 3) : "");
    String name =
        other.kind().isEmpty()
            ? "the transfer syntax " + (uid.matches("[0-9.]{1,64}") ? uid : "of a damaged name")
            : other.kind() + " (transfer syntax " + uid + ")";
    return new Refusal(
        "holds DICOM pixels in %s, which camjar does not read".formatted(name), other.remedy());
  }

  private static Other other(String jpeg) {
    return switch (jpeg) {
      case "80", "81" -> new Other("JPEG-LS", "decompress it first, as with dcmdjpls");
      case "90", "91", "92", "93" ->
          new Other("JPEG 2000", "decompress it first, as with gdcmconv --raw");
      case "94", "95" -> new Other("JPIP", "fetch it with its pixels, which are on a server");
      case "100", "101", "102", "103", "104", "105", "106" -> new Other("MPEG video", SAVE_FRAME);
      case "107", "108" -> new Other("HEVC video", SAVE_FRAME);
      case "110", "111", "112" -> new Other("JPEG XL", SAVE_AGAIN);
      case "201", "202", "203" -> new Other("High-Throughput JPEG 2000", SAVE_AGAIN);
      case "204", "205" -> new Other("JPIP", "fetch it with its pixels, which are on a server");
      default -> new Other("", SAVE_AGAIN);
    };
  }
}
