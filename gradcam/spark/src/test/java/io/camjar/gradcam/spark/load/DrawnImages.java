package io.camjar.gradcam.spark.load;

import io.camjar.engine.CamjarException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A folder of drawn JPEG images of 320 x 240 pixels in five folders: coloured shapes before a
 * gradient. The same number gives the same image. Three more lie in {@code odd}: one cut short, one
 * in CMYK and one of 108 million pixels.
 */
final class DrawnImages {
  static final String CORRUPT = "corrupt";
  static final String CMYK = "cmyk";
  static final String HUGE = "huge";

  /** How many are in {@code odd}. */
  static final int ODD = 3;

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int SHAPES = 12;
  private static final int FOLDERS = 5;

  private DrawnImages() {}

  /** Draws what is not there yet. */
  static void into(Path folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      write(
          folder.resolve("group" + i % FOLDERS).resolve("image%05d.jpg".formatted(i)), drawing(i));
    }
    Path odd = Files.createDirectories(folder.resolve("odd"));
    Path whole = folder.resolve("group0").resolve("image00000.jpg");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(odd.resolve(CORRUPT + ".jpg"), java.util.Arrays.copyOf(bytes, 300));
    try (InputStream cmyk = DrawnImages.class.getResourceAsStream("/pictures/cmyk.jpg")) {
      if (cmyk == null) {
        throw new CamjarException(
            "the picture in CMYK is among the tests of gradcam; add their jar");
      }
      Files.write(odd.resolve(CMYK + ".jpg"), cmyk.readAllBytes());
    }
    write(
        odd.resolve(HUGE + ".jpg"), new BufferedImage(12_000, 9_000, BufferedImage.TYPE_3BYTE_BGR));
  }

  private static BufferedImage drawing(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Color top = color(random);
    Color bottom = color(random);
    graphics.setPaint(new java.awt.GradientPaint(0, 0, top, WIDTH, HEIGHT, bottom));
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    for (int i = 0; i < SHAPES; i++) {
      graphics.setColor(color(random));
      int x = random.nextInt(WIDTH);
      int y = random.nextInt(HEIGHT);
      int side = 10 + random.nextInt(90);
      int other = 10 + random.nextInt(90);
      if (random.nextBoolean()) {
        graphics.fillOval(x - side / 2, y - other / 2, side, other);
      } else {
        graphics.fillPolygon(
            new int[] {x, x + side, x - other}, new int[] {y - other, y + side, y + other}, 3);
      }
    }
    graphics.dispose();
    return image;
  }

  private static Color color(SplittableRandom random) {
    return new Color(random.nextInt(0x1000000));
  }

  private static void write(Path file, BufferedImage image) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    options.setCompressionQuality(0.9f);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), options);
    } finally {
      writer.dispose();
    }
  }
}
