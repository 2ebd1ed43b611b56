package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.JpegSegments;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * JPEG through the JDK's own libjpeg, whose inverse transform, chroma upsampling and colour
 * conversion are those of the libjpeg-turbo that Pillow uses; only the 4:4:0 sampling differs where
 * the JDK carries libjpeg 6b instead of the system's library.
 */
final class JpegDecoder {
  private JpegDecoder() {}

  static Rgb decode(byte[] file, Decoding.Builder report) throws IOException {
    JpegSegments segments = JpegSegments.of(file);
    report.orientation(segments.orientation());
    try (Plugin plugin = Plugin.open(ImageFormat.JPEG, segments.essential())) {
      plugin.checkSize();
      Rgb image = segments.count() == 4 ? inks(plugin, segments) : colours(plugin);
      plugin.checkComplete();
      return image;
    }
  }

  private static Rgb colours(Plugin plugin) throws IOException {
    BufferedImage image = plugin.reader().read(0);
    return Pixels.toRgb(image);
  }

  private static Rgb inks(Plugin plugin, JpegSegments segments) throws IOException {
    Raster raster = plugin.reader().readRaster(0, null);
    byte[] samples = Pixels.bytes(raster, new int[] {8, 8, 8, 8}, 4);
    if (segments.isYcck()) {
      Cmyk.fromYcck(samples);
    }
    Cmyk.invert(samples);
    return Cmyk.toRgb(samples, raster.getWidth(), raster.getHeight());
  }
}
