package io.camjar.gradcam.image;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** From a file in memory to its pixels as stored, not yet turned upright. */
final class Decoder {
  private Decoder() {}

  static RgbImage decode(PictureFormat format, byte[] file) throws IOException {
    return switch (format) {
      case JPEG -> JpegDecoder.decode(file);
      case PNG -> plain(format, PngChunks.essential(file));
      case GIF -> GifDecoder.decode(file);
      case WEBP -> plain(format, complete(file));
      default -> plain(format, file);
    };
  }

  /** A WebP file says how long it is; its reader would fill what is missing with zeros. */
  private static byte[] complete(byte[] file) throws EOFException {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xffffffffL;
    if (length + 8 > file.length) {
      throw new EOFException("the RIFF container ends early");
    }
    return file;
  }

  private static RgbImage plain(PictureFormat format, byte[] file) throws IOException {
    try (Plugin plugin = Plugin.open(format, file)) {
      plugin.checkSize();
      BufferedImage image = plugin.reader().read(0);
      plugin.checkComplete();
      return Pixels.toRgb(image);
    }
  }
}
