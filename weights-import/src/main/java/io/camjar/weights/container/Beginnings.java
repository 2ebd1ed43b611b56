package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;

/** Says in words what an unknown file begins with. */
final class Beginnings {
  private static final int SHOWN = 16;

  private Beginnings() {}

  static String describe(ByteRegion file) {
    byte[] first = file.bytes(0, (int) Math.min(SHOWN, file.size()));
    boolean text = true;
    StringBuilder hex = new StringBuilder();
    for (byte b : first) {
      text &= b >= ' ' && b < 127 || b == '\n' || b == '\r' || b == '\t';
      hex.append(String.format("%02x ", b));
    }
    if (text) {
      return "the text '"
          + new String(first, java.nio.charset.StandardCharsets.US_ASCII).strip()
          + "'";
    }
    return "the bytes " + hex.toString().strip();
  }
}
