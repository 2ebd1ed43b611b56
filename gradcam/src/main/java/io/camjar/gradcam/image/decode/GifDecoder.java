package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.samples.Limits;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageReader;
import org.w3c.dom.Node;

/** The first frame of a GIF on its canvas, as Pillow shows it. */
final class GifDecoder {
  private GifDecoder() {}

  static Rgb decode(byte[] file, Decoding.Builder report) throws IOException {
    if (file.length < 13) {
      throw new EOFException("no screen descriptor");
    }
    int canvasWidth = (file[6] & 0xff) | (file[7] & 0xff) << 8;
    int canvasHeight = (file[8] & 0xff) | (file[9] & 0xff) << 8;
    try (Plugin plugin = Plugin.open(ImageFormat.GIF, file)) {
      // Pillow grows the canvas to a frame that leaves it.
      Node position =
          descriptor(plugin.reader().getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0"));
      int left = attribute(position, "imageLeftPosition");
      int top = attribute(position, "imageTopPosition");
      int width = plugin.reader().getWidth(0);
      int height = plugin.reader().getHeight(0);
      int fullWidth = Math.max(canvasWidth, left + width);
      int fullHeight = Math.max(canvasHeight, top + height);
      Limits.check(fullWidth, fullHeight);
      Limits.checkArea(width, height);
      BufferedImage frame = plugin.reader().read(0);
      Rgb pixels = Pixels.toRgb(frame);
      plugin.checkComplete();
      report.page(1, frames(plugin.reader()));
      return AnimationCanvas.of(fullWidth, fullHeight, background(frame)).with(pixels, left, top);
    }
  }

  /** How many there are; what lies behind the first may be damaged without harm to it. */
  private static int frames(ImageReader reader) {
    try {
      return reader.getNumImages(true);
    } catch (IOException | RuntimeException e) {
      return 1;
    }
  }

  /** Around the frame Pillow leaves the transparent palette entry, or entry 0. */
  private static int background(BufferedImage frame) {
    if (frame.getColorModel() instanceof IndexColorModel palette) {
      return palette.getRGB(Math.max(palette.getTransparentPixel(), 0));
    }
    return 0;
  }

  private static Node descriptor(Node root) throws IOException {
    for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals("ImageDescriptor")) {
        return child;
      }
    }
    throw new IOException("no image descriptor");
  }

  private static int attribute(Node node, String name) {
    return Integer.parseInt(node.getAttributes().getNamedItem(name).getNodeValue());
  }
}
