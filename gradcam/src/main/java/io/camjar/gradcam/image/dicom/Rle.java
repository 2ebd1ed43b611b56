package io.camjar.gradcam.image.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** DICOM's run-length coding (PS3.5, annex G): one segment for each byte of a pixel. */
final class Rle {
  private static final int HEADER = 64;

  private Rle() {}

  /**
   * The frame's numbers.
   *
   * @return {@code [rows][columns][samples]} flattened
   */
  static int[] decode(byte[] frame, PixelModule module) throws IOException {
    if (frame.length < HEADER) {
      throw new IOException("a run-length header has %d bytes".formatted(frame.length));
    }
    ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int width = module.bitsAllocated() / 8;
    int segments = module.samples() * width;
    if (header.getInt(0) != segments) {
      throw new IOException(
          "it has %d run-length segments where there should be %d"
              .formatted(header.getInt(0), segments));
    }
    int[] out = new int[module.pixels() * module.samples()];
    byte[] plane = new byte[module.pixels()];
    for (int segment = 0; segment < segments; segment++) {
      long from = header.getInt(4 + 4 * segment) & 0xffffffffL;
      if (from < HEADER || from > frame.length) {
        throw new IOException("a run-length segment leaves the frame");
      }
      unpack(frame, (int) from, plane);
      // The highest byte comes first.
      int sample = segment / width;
      for (int i = 0; i < plane.length; i++) {
        int at = i * module.samples() + sample;
        out[at] = out[at] << 8 | (plane[i] & 0xff);
      }
    }
    return out;
  }

  private static void unpack(byte[] in, int from, byte[] out) throws IOException {
    int at = from;
    int filled = 0;
    while (filled < out.length) {
      if (at >= in.length) {
        throw new IOException("a run-length segment ends early");
      }
      int control = in[at++];
      int count = Math.min(control >= 0 ? control + 1 : 1 - control, out.length - filled);
      if (control >= 0) {
        if (in.length - at < count) {
          throw new IOException("a run-length segment ends early");
        }
        System.arraycopy(in, at, out, filled, count);
        at += control + 1;
        filled += count;
      } else if (control != -128) {
        if (at >= in.length) {
          throw new IOException("a run-length segment ends early");
        }
        java.util.Arrays.fill(out, filled, filled + count, in[at++]);
        filled += count;
      }
    }
  }
}
