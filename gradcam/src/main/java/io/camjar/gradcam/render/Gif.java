package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Animated GIF files, written by ImageIO, each frame with the 256 colours that suit it best.
 *
 * <p>The colours are {@link Palette}'s: those that ImageIO would choose show the heat in bands, for
 * it does not dither, and TwelveMonkeys' error diffusion covers it with noise.
 */
final class Gif {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** A sub-block of Netscape's extension: its kind, and how often to repeat, 0 for ever. */
  private static final byte[] LOOP_FOR_EVER = {1, 0, 0};

  private Gif() {}

  /**
   * The bytes of an endless animation.
   *
   * @param frames images of one size, each side at most 65,535
   * @param hundredths how long each is shown, in hundredths of a second
   */
  static byte[] encode(List<RgbImage> frames, List<Integer> hundredths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      // Rows in order: interlaced ones, ImageIO's default, take a seventh more.
      param.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < frames.size(); i++) {
        BufferedImage frame = indexed(frames.get(i));
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), param);
        animate(metadata, hundredths.get(i), i == 0);
        writer.writeToSequence(new IIOImage(frame, null, metadata), param);
      }
      writer.endWriteSequence();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has no way to fail
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage indexed(RgbImage image) {
    Palette.Indexed reduced = Palette.reduce(image);
    int[] colors = reduced.colors();
    IndexColorModel model =
        new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE);
    int width = image.width();
    int height = image.height();
    BufferedImage frame = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    frame.getRaster().setDataElements(0, 0, width, height, reduced.pixels());
    return frame;
  }

  private static void animate(IIOMetadata metadata, int hundredths, boolean first)
      throws IIOInvalidTreeException {
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    control.setAttribute("transparentColorIndex", "0");
    root.appendChild(control);
    if (first) {
      IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
      loop.setAttribute("applicationID", "NETSCAPE");
      loop.setAttribute("authenticationCode", "2.0");
      loop.setUserObject(LOOP_FOR_EVER);
      IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
      extensions.appendChild(loop);
      root.appendChild(extensions);
    }
    metadata.mergeTree(FORMAT, root);
  }
}
