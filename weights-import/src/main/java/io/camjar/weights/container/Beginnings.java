package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.charset.StandardCharsets;

/** What a file's first bytes say. */
final class Beginnings {
  private static final int SHOWN = 16;

  private Beginnings() {}

  /**
   * Whether it may be a pickle: the mark of protocol 2 and later, or, for protocols 0 and 1, which
   * have no mark, an opening instruction and the final STOP.
   */
  static boolean isPickle(ByteRegion file) {
    if (file.u8(0) == 0x80) {
      return true;
    }
    boolean opens = "(c}]".indexOf(file.u8(0)) >= 0;
    return opens && file.u8(file.size() - 1) == '.' && (file.u8(0) != 'c' || names(file));
  }

  /** A first line such as {@code ccollections}: no blanks, as prose would have. */
  private static boolean names(ByteRegion file) {
    for (long i = 1; i < Math.min(100, file.size()); i++) {
      if (file.u8(i) == '\n') {
        return true;
      }
      if (file.u8(i) <= ' ') {
        return false;
      }
    }
    return false;
  }

  /** In words, what an unknown file begins with. */
  static String describe(ByteRegion file) {
    byte[] first = file.bytes(0, (int) Math.min(SHOWN, file.size()));
    boolean text = true;
    StringBuilder hex = new StringBuilder();
    for (byte b : first) {
      text &= b >= ' ' && b < 127 || b == '\n' || b == '\r' || b == '\t';
      hex.append(String.format("%02x ", b));
    }
    if (text) {
      return "the text '" + new String(first, StandardCharsets.US_ASCII).strip() + "'";
    }
    return "the bytes " + hex.toString().strip();
  }
}
