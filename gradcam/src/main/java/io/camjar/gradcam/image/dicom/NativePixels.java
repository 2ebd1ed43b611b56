package io.camjar.gradcam.image.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Pixels that are not compressed (PS3.5, clause 8.1). */
final class NativePixels {
  private NativePixels() {}

  /**
   * A frame's numbers.
   *
   * @param frame from 0
   * @return {@code [rows][columns][samples]} flattened
   */
  static int[] read(DicomDataset data, Element pixels, PixelModule module, int frame)
      throws IOException {
    boolean shared = module.photometric().equals("YBR_FULL_422");
    int width = module.bitsAllocated() / 8;
    // Two pixels of luma share their chroma: four numbers in place of six.
    long size = (long) module.pixels() * (shared ? 2 : module.samples()) * width;
    if ((frame + 1L) * size > pixels.length()) {
      throw new IOException(
          "its pixels have %d bytes, and %d x %d of %d bits%s take %d"
              .formatted(
                  pixels.length(),
                  module.columns(),
                  module.rows(),
                  module.bitsAllocated(),
                  frame == 0 ? "" : " in frame " + (frame + 1),
                  (frame + 1L) * size));
    }
    if (shared && (width != 1 || module.columns() % 2 != 0)) {
      throw new IOException("its shared chroma does not fit its width");
    }
    Octets octets = i -> data.octet(pixels, (int) (frame * size) + i);
    if (shared) {
      return pairs(octets, module);
    }
    ByteBuffer in =
        ByteBuffer.wrap(data.file())
            .order(data.order())
            .position(pixels.from() + (int) (frame * size));
    return numbers(octets, in, module);
  }

  /** The bytes of a frame in the order of its samples. */
  @FunctionalInterface
  private interface Octets {
    int at(int index);
  }

  private static int[] numbers(Octets octets, ByteBuffer in, PixelModule module) {
    int samples = module.samples();
    int[] out = new int[module.pixels() * samples];
    for (int i = 0; i < out.length; i++) {
      int raw =
          switch (module.bitsAllocated()) {
            case 8 -> octets.at(i);
            case 16 -> in.getShort() & 0xffff;
            default -> in.getInt();
          };
      int at = module.planar() ? i % module.pixels() * samples + i / module.pixels() : i;
      out[at] = raw;
    }
    return out;
  }

  private static int[] pairs(Octets octets, PixelModule module) {
    int[] out = new int[module.pixels() * 3];
    for (int i = 0; i < out.length; i += 6) {
      int from = i / 6 * 4;
      out[i] = octets.at(from);
      out[i + 3] = octets.at(from + 1);
      out[i + 1] = octets.at(from + 2);
      out[i + 4] = out[i + 1];
      out[i + 2] = octets.at(from + 3);
      out[i + 5] = out[i + 2];
    }
    return out;
  }
}
