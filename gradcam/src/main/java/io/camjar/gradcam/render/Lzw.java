package io.camjar.gradcam.render;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The LZW packing of GIF: codes of growing width, least significant bit first. */
final class Lzw {
  private static final int MAX_CODES = 4096;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long pending;
  private int pendingBits;

  private Lzw() {}

  /**
   * Packs samples.
   *
   * @param samples each below {@code 1 << bits}
   * @param bits 2 to 8
   */
  static byte[] pack(byte[] samples, int bits) {
    Lzw lzw = new Lzw();
    int clear = 1 << bits;
    int end = clear + 1;
    // The code of each known string followed by each sample; 0 is unknown, for 0 follows nothing.
    short[] next = new short[MAX_CODES << bits];
    int width = bits + 1;
    int free = end + 1;
    lzw.put(clear, width);
    int current = samples[0] & 0xff;
    for (int i = 1; i < samples.length; i++) {
      int key = current << bits | (samples[i] & 0xff);
      if (next[key] != 0) {
        current = next[key];
        continue;
      }
      lzw.put(current, width);
      current = samples[i] & 0xff;
      if (free == MAX_CODES) {
        lzw.put(clear, width);
        Arrays.fill(next, (short) 0);
        width = bits + 1;
        free = end + 1;
      } else {
        // A reader is one entry behind, so codes widen when the entry itself no longer fits.
        if (free == 1 << width) {
          width++;
        }
        next[key] = (short) free++;
      }
    }
    lzw.put(current, width);
    lzw.put(end, width);
    lzw.flush();
    return lzw.out.toByteArray();
  }

  private void put(int code, int width) {
    pending |= (long) code << pendingBits;
    pendingBits += width;
    while (pendingBits >= 8) {
      out.write((int) pending);
      pending >>>= 8;
      pendingBits -= 8;
    }
  }

  private void flush() {
    if (pendingBits > 0) {
      out.write((int) pending);
    }
  }
}
