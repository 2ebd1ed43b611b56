package io.camjar.gradcam.train;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** A data set that can be learned in seconds: red and blue squares on gray noise. */
final class TinyImages {
  private TinyImages() {}

  /** Writes {@code train} and {@code val} with the classes blue and red. */
  static Path write(Path folder, int train, int val) throws IOException {
    for (String name : new String[] {"blue", "red"}) {
      write(folder.resolve("train").resolve(name), name, train, 1);
      write(folder.resolve("val").resolve(name), name, val, 2);
    }
    return folder;
  }

  private static void write(Path folder, String name, int count, long seed) throws IOException {
    Files.createDirectories(folder);
    SplittableRandom random = new SplittableRandom(seed + name.hashCode());
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(48, 40, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 48; x++) {
          int gray = random.nextInt(256);
          image.setRGB(x, y, gray << 16 | gray << 8 | gray);
        }
      }
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(name.equals("red") ? Color.RED : Color.BLUE);
      graphics.fillRect(random.nextInt(20), random.nextInt(12), 28, 28);
      graphics.dispose();
      ImageIO.write(image, "png", folder.resolve("%02d.png".formatted(i)).toFile());
    }
  }
}
