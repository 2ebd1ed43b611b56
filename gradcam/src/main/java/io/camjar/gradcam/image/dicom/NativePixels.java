package io.camjar.gradcam.image.dicom;

import java.io.EOFException;
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
  static int[] read(Dataset data, Element pixels, PixelModule module, int frame)
      throws IOException {
    boolean shared = module.photometric().equals("YBR_FULL_422");
    int width = module.bitsAllocated() / 8;
    // Two pixels of luma share their chroma: four numbers in place of six.
    long size = (long) module.pixels() * (shared ? 2 : module.samples()) * width;
    if ((frame + 1L) * size > pixels.length()) {
      throw new EOFException("the pixels end early");
    }
    if (shared && (width != 1 || module.columns() % 2 != 0)) {
      throw new IOException("its shared chroma does not fit its width");
    }
    ByteBuffer in =
        ByteBuffer.wrap(data.file())
            .order(data.order())
            .position(pixels.from() + (int) (frame * size));
    return shared ? pairs(in, module) : numbers(in, module);
  }

  private static int[] numbers(ByteBuffer in, PixelModule module) {
    int samples = module.samples();
    int[] out = new int[module.pixels() * samples];
    for (int i = 0; i < out.length; i++) {
      int raw =
          switch (module.bitsAllocated()) {
            case 8 -> in.get() & 0xff;
            case 16 -> in.getShort() & 0xffff;
            default -> in.getInt();
          };
      int at = module.planar() ? i % module.pixels() * samples + i / module.pixels() : i;
      out[at] = raw;
    }
    return out;
  }

  private static int[] pairs(ByteBuffer in, PixelModule module) {
    int[] out = new int[module.pixels() * 3];
    for (int i = 0; i < out.length; i += 6) {
      out[i] = in.get() & 0xff;
      out[i + 3] = in.get() & 0xff;
      int blue = in.get() & 0xff;
      int red = in.get() & 0xff;
      out[i + 1] = blue;
      out[i + 4] = blue;
      out[i + 2] = red;
      out[i + 5] = red;
    }
    return out;
  }
}
