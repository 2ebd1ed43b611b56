package io.camjar.weights.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A read-only run of bytes of any length, mapped from a file or held in an array.
 *
 * <p>Java's buffers end at 2 GB, so a file is mapped in chunks; each chunk overlaps the next by
 * {@value #OVERLAP} bytes so that no element is ever split. All multi-byte reads are little-endian.
 * Immutable; every read is bounds-checked and reports {@link Malformed}.
 *
 * <p>Small reads go through the mapping. Whoever wants all bytes of something large once, to copy
 * or to hash, uses {@link #copyTo}: pages of a mapping that were looked at count as memory of this
 * process, and reading leaves none behind.
 */
public final class ByteRegion {
  private static final int OVERLAP = 16;
  private static final int CHUNK_SHIFT = 30;

  private final ByteBuffer[] chunks;
  private final int shift;
  private final long start;
  private final long size;
  private final @Nullable FileChannel file;
  private final @Nullable FileStamp stamp;

  private ByteRegion(
      ByteBuffer[] chunks,
      int shift,
      long start,
      long size,
      @Nullable FileChannel file,
      @Nullable FileStamp stamp) {
    this.chunks = chunks;
    this.shift = shift;
    this.start = start;
    this.size = size;
    this.file = file;
    this.stamp = stamp;
  }

  /** Maps a whole file. */
  public static ByteRegion map(Path file) throws IOException {
    return map(file, CHUNK_SHIFT);
  }

  /** Maps a whole file in chunks of {@code 1 << shift} bytes; small chunks let tests cross them. */
  static ByteRegion map(Path file, int shift) throws IOException {
    // Open as long as the region is in use: the channel's cleaner closes it, as the mappings' do.
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      FileStamp stamp = FileStamp.of(file.toAbsolutePath());
      long size = channel.size();
      long chunk = 1L << shift;
      ByteBuffer[] chunks = new ByteBuffer[Math.toIntExact((size + chunk - 1) >> shift)];
      for (int i = 0; i < chunks.length; i++) {
        long from = i * chunk;
        long length = Math.min(chunk + OVERLAP, size - from);
        chunks[i] =
            channel.map(FileChannel.MapMode.READ_ONLY, from, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      return new ByteRegion(chunks, shift, 0, size, channel, stamp);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Wraps an array, which must not change afterwards. */
  public static ByteRegion wrap(byte[] bytes) {
    ByteBuffer[] one = {ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)};
    return new ByteRegion(one, CHUNK_SHIFT + 1, 0, bytes.length, null, null);
  }

  /** How many bytes there are. */
  public long size() {
    return size;
  }

  /** The bytes from {@code offset}, {@code length} of them, without copying. */
  public ByteRegion slice(long offset, long length) {
    check(offset, length);
    return new ByteRegion(chunks, shift, start + offset, length, file, stamp);
  }

  /**
   * Checks that the bytes are those that were there when the file was opened.
   *
   * @throws Malformed if somebody has written to the file since, by its size and time; replacing or
   *     removing it changes nothing here
   */
  public void requireUnchanged() {
    if (stamp != null) {
      stamp.requireUnchanged();
    }
  }

  /** Whether {@code length} bytes lie at {@code offset}. */
  public boolean holds(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
  }

  /** The unsigned byte at {@code offset}. */
  public int u8(long offset) {
    check(offset, 1);
    return chunk(offset).get(within(offset)) & 0xff;
  }

  /** The unsigned 16-bit integer at {@code offset}. */
  public int u16(long offset) {
    check(offset, 2);
    return chunk(offset).getShort(within(offset)) & 0xffff;
  }

  /** The signed 32-bit integer at {@code offset}. */
  public int i32(long offset) {
    check(offset, 4);
    return chunk(offset).getInt(within(offset));
  }

  /** The unsigned 32-bit integer at {@code offset}. */
  public long u32(long offset) {
    return i32(offset) & 0xffff_ffffL;
  }

  /** The signed 64-bit integer at {@code offset}. */
  public long i64(long offset) {
    check(offset, 8);
    return chunk(offset).getLong(within(offset));
  }

  /** A copy of {@code length} bytes. */
  public byte[] bytes(long offset, int length) {
    check(offset, length);
    byte[] copy = new byte[length];
    int done = 0;
    while (done < length) {
      ByteBuffer span = span(offset + done);
      int n = Math.min(span.remaining(), length - done);
      span.get(copy, done, n);
      done += n;
    }
    return copy;
  }

  /** Fills {@code out} to its limit with the bytes from {@code offset} on. */
  public void copyTo(long offset, ByteBuffer out) {
    check(offset, out.remaining());
    long at = readTo(offset, out);
    while (out.hasRemaining()) {
      ByteBuffer span = span(at);
      span.limit(span.position() + Math.min(span.remaining(), out.remaining()));
      at += span.remaining();
      out.put(span);
    }
  }

  /** Reads as much as the file gives; returns the offset behind it. */
  private long readTo(long offset, ByteBuffer out) {
    long at = offset;
    try {
      while (file != null && file.isOpen() && out.hasRemaining()) {
        int read = file.read(out, start + at);
        if (read <= 0) {
          break;
        }
        at += read;
      }
    } catch (IOException e) {
      // An interrupted thread closes the channel for all; the mapping is still there.
      return at;
    }
    return at;
  }

  /** {@code length} bytes read as UTF-8; a sequence that is not UTF-8 becomes U+FFFD. */
  public String utf8(long offset, int length) {
    return new String(bytes(offset, length), StandardCharsets.UTF_8);
  }

  /**
   * The longest contiguous little-endian view from {@code offset} to the end of the region.
   *
   * <p>Holds at least {@value #OVERLAP} bytes or all that are left, so whole elements fit.
   */
  public ByteBuffer span(long offset) {
    check(offset, 0);
    if (offset == size) {
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer view = chunk(offset).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int from = within(offset);
    view.position(from);
    view.limit((int) Math.min(view.capacity(), from + (size - offset)));
    return view;
  }

  private ByteBuffer chunk(long offset) {
    return chunks[(int) ((start + offset) >> shift)];
  }

  private int within(long offset) {
    return (int) ((start + offset) & ((1L << shift) - 1));
  }

  private void check(long offset, long length) {
    if (!holds(offset, length)) {
      throw Malformed.truncated(
          length + " bytes are expected at byte " + offset + ", but there are only " + size);
    }
  }
}
