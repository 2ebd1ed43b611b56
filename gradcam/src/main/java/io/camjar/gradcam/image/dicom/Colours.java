package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.samples.Refusal;
import java.io.IOException;

/** Pixels that have a colour: red, green and blue, luma and chroma, or a palette's entries. */
final class Colours {
  private Colours() {}

  /**
   * Interleaved red, green and blue, 8 bits each.
   *
   * @param raw stored numbers, interleaved
   * @param decoded whether a JPEG decoder has turned luma and chroma into colours already
   */
  static byte[] of(DicomDataset data, PixelModule module, int[] raw, boolean decoded)
      throws IOException {
    return switch (module.photometric()) {
      case "RGB" -> direct(module, raw);
      case "YBR_FULL", "YBR_FULL_422" -> {
        byte[] samples = direct(module, raw);
        if (!decoded) {
          toRgb(samples);
        }
        yield samples;
      }
      case "PALETTE COLOR" -> indexed(data, module, raw);
      default ->
          throw new Refusal(
              "holds DICOM pixels of the kind '%s', which camjar does not read"
                  .formatted(kind(module.photometric())),
              "convert them to RGB first");
    };
  }

  private static String kind(String photometric) {
    return photometric.matches("[A-Z0-9_ ]{1,16}") ? photometric : "unknown";
  }

  private static byte[] direct(PixelModule module, int[] raw) throws IOException {
    if (module.samples() != 3) {
      throw new IOException("it has colours of one sample a pixel");
    }
    byte[] out = new byte[raw.length];
    int bits = module.bitsStored();
    for (int i = 0; i < raw.length; i++) {
      long value = (long) module.value(raw[i]);
      out[i] = (byte) (bits > 8 ? value >> (bits - 8) : value * 255 / ((1L << bits) - 1));
    }
    return out;
  }

  /** PS3.3, C.7.6.3.1.2, solved for the colours; rounded half up. */
  private static void toRgb(byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      double luma = samples[i] & 0xff;
      double blue = (samples[i + 1] & 0xff) - 128;
      double red = (samples[i + 2] & 0xff) - 128;
      samples[i] = clip(luma + 1.402 * red);
      samples[i + 1] = clip(luma - (0.114 * 1.772 * blue + 0.299 * 1.402 * red) / 0.587);
      samples[i + 2] = clip(luma + 1.772 * blue);
    }
  }

  private static byte clip(double value) {
    return (byte) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
  }

  private static byte[] indexed(DicomDataset data, PixelModule module, int[] raw)
      throws IOException {
    if (data.has(Tag.SEGMENTED_PALETTE_DATA)) {
      throw new Refusal(
          "has a segmented DICOM palette, which camjar does not read",
          "convert its pixels to RGB first");
    }
    if (module.samples() != 1) {
      throw new IOException("it has a palette and %d samples a pixel".formatted(module.samples()));
    }
    LookupTable[] tables = new LookupTable[3];
    for (int c = 0; c < 3; c++) {
      tables[c] =
          LookupTable.of(data, Tag.PALETTE_DESCRIPTOR + c, Tag.PALETTE_DATA + c, module.signed());
    }
    byte[] out = new byte[raw.length * 3];
    for (int i = 0; i < raw.length; i++) {
      double value = module.value(raw[i]);
      for (int c = 0; c < 3; c++) {
        int entry = tables[c].at(value);
        out[3 * i + c] = (byte) (tables[c].bits() > 8 ? entry >> (tables[c].bits() - 8) : entry);
      }
    }
    return out;
  }
}
