package io.camjar.gradcam.serve.limits;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** How many pixels an image says it has, read from its header alone. */
final class ImageSize {
  private ImageSize() {}

  /** Width times height; empty where the header does not tell, as of DICOM. */
  static OptionalLong pixels(byte[] image) {
    if (isGif(image)) {
      return OptionalLong.of((long) little(image, 6, 2) * little(image, 8, 2));
    }
    if (isExtendedWebp(image)) {
      return OptionalLong.of((1L + little(image, 24, 3)) * (1L + little(image, 27, 3)));
    }
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return OptionalLong.empty();
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        return OptionalLong.of((long) reader.getWidth(0) * reader.getHeight(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // Damaged: the decoder says how.
      return OptionalLong.empty();
    }
  }

  /** A GIF's frames lie on a canvas, which may be larger than they are. */
  private static boolean isGif(byte[] image) {
    return image.length > 10 && image[0] == 'G' && image[1] == 'I' && image[2] == 'F';
  }

  /** So do an animated WebP's. */
  private static boolean isExtendedWebp(byte[] image) {
    return image.length > 30
        && image[8] == 'W'
        && image[12] == 'V'
        && image[13] == 'P'
        && image[14] == '8'
        && image[15] == 'X';
  }

  private static int little(byte[] bytes, int at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return value;
  }
}
