package io.camjar.gradcam.image.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * The orientation in an EXIF block. Reads one tag of the first directory and follows nothing else,
 * so that a hostile block costs nothing.
 */
final class Exif {
  private static final int TAG = 0x0112;
  private static final int BYTE = 1;
  private static final int LONG = 4;

  private Exif() {}

  /** The tag's value, whatever it is; empty where there is no such tag or block. */
  static OptionalInt orientation(byte[] tiff) {
    boolean little = Bytes.starts(tiff, 0, "II*\0");
    if (tiff.length < 8 || !(little || Bytes.starts(tiff, 0, "MM\0*"))) {
      return OptionalInt.empty();
    }
    ByteBuffer in =
        ByteBuffer.wrap(tiff).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = in.getInt(4) & 0xffffffffL;
    if (directory + 2 > tiff.length) {
      return OptionalInt.empty();
    }
    int entries = in.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.length) {
        return OptionalInt.empty();
      }
      if ((in.getShort((int) entry) & 0xffff) == TAG) {
        return OptionalInt.of(value(in, (int) entry));
      }
    }
    return OptionalInt.empty();
  }

  /** A SHORT by the standard; some writers use wider or narrower numbers. */
  private static int value(ByteBuffer in, int entry) {
    return switch (in.getShort(entry + 2) & 0xffff) {
      case BYTE -> in.get(entry + 8) & 0xff;
      case LONG -> in.getInt(entry + 8);
      default -> in.getShort(entry + 8) & 0xffff;
    };
  }
}
