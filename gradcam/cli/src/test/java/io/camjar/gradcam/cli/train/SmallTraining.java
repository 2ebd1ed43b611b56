package io.camjar.gradcam.cli.train;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A training of seconds: a ResNet-18 of width 4 learns to tell blue from red at 32 pixels. */
final class SmallTraining {
  private SmallTraining() {}

  /** Six images of each class to learn from and two to measure with, and a file that is none. */
  static Path images(Path data) throws IOException {
    for (String part : List.of("train", "val")) {
      for (String name : List.of("blue", "red")) {
        Path target = Files.createDirectories(data.resolve(part).resolve(name));
        for (int i = 0; i < (part.equals("train") ? 6 : 2); i++) {
          BufferedImage image = new BufferedImage(40, 36, BufferedImage.TYPE_INT_RGB);
          Graphics2D graphics = image.createGraphics();
          graphics.setColor(name.equals("red") ? Color.RED : Color.BLUE);
          graphics.fillOval(3 * i, 2, 20, 20);
          graphics.dispose();
          ImageIO.write(image, "png", target.resolve(i + ".png").toFile());
        }
      }
    }
    Files.writeString(data.resolve("train/red/damaged.jpg"), "no image");
    return data;
  }

  /** A command on these images with options of its own behind those of the network. */
  static String[] arguments(String command, Path data, String... more) {
    String network = "--arch resnet18 --width 4 --size 32 --batch 4";
    return Stream.of(
            Stream.of(command, data.toString()), Stream.of(network.split(" ")), Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }
}
