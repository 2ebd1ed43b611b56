package io.camjar.gradcam.image.decode;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import io.camjar.gradcam.image.metadata.JpegSegments;
import io.camjar.gradcam.image.samples.Limits;
import io.camjar.gradcam.image.samples.Refusal;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** JPEG files as the frames of DICOM images: their numbers, without any colour management. */
final class JpegFrames {
  private JpegFrames() {}

  /** As {@link io.camjar.gradcam.image.dicom.FrameDecoder} wants it. */
  static int[] decode(byte[] jpeg, int columns, int rows, int samples, boolean luma)
      throws IOException {
    JpegSegments segments = JpegSegments.of(jpeg);
    if (segments.count() != samples) {
      throw new IOException(
          "a JPEG frame has %d samples a pixel, not %d".formatted(segments.count(), samples));
    }
    if (!segments.isLossless() && segments.precision() != 8) {
      throw new Refusal(
          "holds DICOM pixels in lossy JPEG of %d bits, which camjar does not read"
              .formatted(segments.precision()),
          "decompress it first, as with dcmdjpeg");
    }
    int[] numbers =
        segments.isLossless()
            ? lossless(jpeg, columns, rows)
            : lossy(segments, columns, rows, samples, luma);
    if (numbers.length != columns * rows * samples) {
      throw new IOException("a JPEG frame has %d numbers".formatted(numbers.length));
    }
    return numbers;
  }

  private static int[] lossy(
      JpegSegments segments, int columns, int rows, int samples, boolean luma) throws IOException {
    byte[] file = samples == 3 ? segments.essential(luma) : segments.essential();
    try (Plugin plugin = Plugin.open(ImageFormat.JPEG, file)) {
      checkSize(plugin.reader(), columns, rows);
      int[] numbers;
      if (samples == 3) {
        byte[] rgb = Pixels.toRgb(plugin.reader().read(0)).samples();
        numbers = new int[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
          numbers[i] = rgb[i] & 0xff;
        }
      } else {
        numbers = numbers(plugin.reader().readRaster(0, null));
      }
      plugin.checkComplete();
      return numbers;
    }
  }

  /** The JDK's reader has no lossless JPEG. */
  private static int[] lossless(byte[] file, int columns, int rows) throws IOException {
    // Made by the registry, which hands it the JDK's reader that it builds on.
    ImageReader reader =
        IIORegistry.getDefaultInstance()
            .getServiceProviderByClass(JPEGImageReaderSpi.class)
            .createReaderInstance(null);
    try {
      reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), true, true);
      checkSize(reader, columns, rows);
      return numbers(reader.read(0).getRaster());
    } finally {
      reader.dispose();
    }
  }

  private static void checkSize(ImageReader reader, int columns, int rows) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    Limits.checkArea(width, height);
    if (width != columns || height != rows) {
      throw new IOException(
          "a JPEG frame is %d x %d, not %d x %d".formatted(width, height, columns, rows));
    }
  }

  private static int[] numbers(Raster raster) {
    return raster.getPixels(
        raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), (int[]) null);
  }
}
