package io.camjar.weights.bytes;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Checksums of regions, computed piece by piece. */
public final class Checksums {
  /** Bytes in a piece: few calls, and it stays in cache. */
  private static final int PIECE = 1 << 18;

  private Checksums() {}

  /** The CRC-32 that zip uses, as an unsigned 32-bit number. */
  public static long crc32(ByteRegion region) {
    CRC32 crc = new CRC32();
    forEachPiece(region, crc::update);
    return crc.getValue();
  }

  /** The SHA-256 of regions one after the other, in lower-case hexadecimal. */
  public static String sha256(ByteRegion... regions) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ByteRegion region : regions) {
        forEachPiece(region, digest::update);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void forEachPiece(ByteRegion region, Consumer<ByteBuffer> use) {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, region.size()));
    for (long done = 0; done < region.size(); done += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE, region.size() - done));
      region.copyTo(done, piece);
      use.accept(piece.flip());
    }
  }
}
