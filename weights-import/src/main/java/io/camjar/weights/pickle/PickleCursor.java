package io.camjar.weights.pickle;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.nio.charset.StandardCharsets;

/** Reads a pickle's bytes from front to back; every length is checked against what is left. */
public final class PickleCursor {
  private static final int MAX_LINE = 1 << 16;

  private final ByteRegion region;
  private long position;

  /** Starts at a byte of a region. */
  public PickleCursor(ByteRegion region, long position) {
    this.region = region;
    this.position = position;
  }

  /** The next byte's offset in the region. */
  public long position() {
    return position;
  }

  /** Moves on over bytes that someone else has read. */
  public void skip(long bytes) {
    position += bytes;
  }

  int u8() {
    return region.u8(advance(1));
  }

  int u16() {
    return region.u16(advance(2));
  }

  int i32() {
    return region.i32(advance(4));
  }

  long u32() {
    return region.u32(advance(4));
  }

  long i64() {
    return region.i64(advance(8));
  }

  /** A 64-bit length, which must not pass the end of the region. */
  long length64() {
    long length = i64();
    if (!region.holds(position, length)) {
      throw Malformed.truncated(
          "its pickle announces " + Long.toUnsignedString(length) + " bytes that are not there");
    }
    return length;
  }

  /** A view of the next bytes. */
  ByteRegion take(long length) {
    if (!region.holds(position, length)) {
      throw Malformed.truncated("its pickle announces " + length + " bytes that are not there");
    }
    return region.slice(advance(length), length);
  }

  /** The UTF-8 text up to the next line feed, which is consumed. */
  String line() {
    return new String(lineBytes(MAX_LINE), StandardCharsets.UTF_8);
  }

  /** As {@link #line}, of any allowed length, one character for each byte. */
  String latin1Line() {
    return new String(lineBytes(PickleLimits.MAX_STRING), StandardCharsets.ISO_8859_1);
  }

  private byte[] lineBytes(int most) {
    long end = position;
    while (region.u8(end) != '\n') {
      if (++end - position > most) {
        throw PickleLimits.tooMuch("a line of more than " + most + " bytes");
      }
    }
    byte[] line = region.bytes(position, (int) (end - position));
    position = end + 1;
    return line;
  }

  private long advance(long bytes) {
    long at = position;
    position += bytes;
    return at;
  }
}
