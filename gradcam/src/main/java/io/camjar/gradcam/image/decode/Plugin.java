package io.camjar.gradcam.image.decode;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.camjar.gradcam.image.samples.Limits;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * One ImageIO reader over one file in memory, chosen by format rather than by what the class path
 * registers first; no disk cache, no metadata, truncation is an error.
 */
final class Plugin implements AutoCloseable {
  private final ImageReader reader;
  private boolean truncated;

  private Plugin(ImageReader reader, byte[] file) {
    this.reader = reader;
    reader.addIIOReadWarningListener((IIOReadWarningListener) (source, text) -> note(text));
    reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), false, true);
  }

  static Plugin open(ImageFormat format, byte[] file) throws IOException {
    return new Plugin(
        switch (format) {
          case BMP -> new BMPImageReaderSpi().createReaderInstance(null);
          case TIFF -> new TIFFImageReaderSpi().createReaderInstance(null);
          case WEBP -> new WebPImageReaderSpi().createReaderInstance(null);
          case JPEG -> platform("jpeg");
          case PNG -> platform("png");
          case GIF -> platform("gif");
          default -> throw new IllegalArgumentException("no reader for " + format);
        },
        file);
  }

  /** The JDK's own reader, even when others are registered for the format. */
  private static ImageReader platform(String format) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader;
      }
    }
    throw new IOException("this Java runtime has no " + format + " reader (module java.desktop)");
  }

  ImageReader reader() {
    return reader;
  }

  /** Refuses an image too large or too small, from its header alone. */
  void checkSize() throws IOException {
    checkSize(0);
  }

  /** The same of another page, from 0. */
  void checkSize(int page) throws IOException {
    Limits.check(reader.getWidth(page), reader.getHeight(page));
  }

  /** Called after the pixels were read: libjpeg pads a file that ends early and only warns. */
  void checkComplete() throws IOException {
    if (truncated) {
      throw new EOFException("the pixel data ends early");
    }
  }

  private void note(String warning) {
    truncated |= warning.contains("Premature end") || warning.contains("Truncated File");
  }

  @Override
  public void close() {
    reader.dispose();
  }
}
