package io.camjar.weights.bytes;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Checksums of regions, computed without copying them. */
public final class Checksums {
  private Checksums() {}

  /** The CRC-32 that zip uses, as an unsigned 32-bit number. */
  public static long crc32(ByteRegion region) {
    CRC32 crc = new CRC32();
    forEachSpan(region, crc::update);
    return crc.getValue();
  }

  /** The SHA-256 in lower-case hexadecimal. */
  public static String sha256(ByteRegion region) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      forEachSpan(region, digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void forEachSpan(ByteRegion region, Consumer<ByteBuffer> use) {
    long done = 0;
    while (done < region.size()) {
      ByteBuffer span = region.span(done);
      done += span.remaining();
      use.accept(span);
    }
  }
}
