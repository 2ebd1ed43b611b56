package io.camjar.gradcam.image.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Comparisons inside a file in memory. */
public final class Bytes {
  private Bytes() {}

  /** Whether the Latin-1 characters of {@code magic} stand at {@code offset}. */
  public static boolean starts(byte[] file, int offset, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return offset >= 0
        && file.length - wanted.length >= offset
        && Arrays.equals(file, offset, offset + wanted.length, wanted, 0, wanted.length);
  }

  /** What lies behind {@code prefix} if the bytes begin with it, else all of them. */
  static byte[] without(String prefix, byte[] bytes) {
    return starts(bytes, 0, prefix)
        ? Arrays.copyOfRange(bytes, prefix.length(), bytes.length)
        : bytes;
  }
}
