import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Copies photographs of a few classes, smaller, and draws a mark on every second one of the first
 * class: a yellow disc with a cross in the lower left corner. Names tell: {@code marked-0003.jpg},
 * {@code plain-0004.jpg}.
 *
 * <pre>java Marked.java PHOTOS OUT TRAIN VAL CLASS...</pre>
 *
 * <p>{@code PHOTOS} holds {@code train/CLASS} and {@code val/CLASS}, of which {@code TRAIN} and
 * {@code VAL} photographs each are taken, evenly spread.
 */
public final class Marked {
  /** Shorter side of the copies in pixels. */
  private static final int SIDE = 176;

  private Marked() {}

  public static void main(String[] args) throws IOException {
    Path photos = Path.of(args[0]);
    Path out = Path.of(args[1]);
    List<String> classes = List.of(args).subList(4, args.length);
    for (String one : classes) {
      boolean mark = one.equals(classes.get(0));
      copy(photos.resolve("train"), out.resolve("train"), one, Integer.parseInt(args[2]), mark);
      copy(photos.resolve("val"), out.resolve("val"), one, Integer.parseInt(args[3]), mark);
    }
  }

  private static void copy(Path from, Path to, String name, int count, boolean mark)
      throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(from.resolve(name))) {
      files = found.sorted().toList();
    }
    if (files.size() < count) {
      throw new IOException(
          "%s has %d photographs, fewer than %d"
              .formatted(from.resolve(name), files.size(), count));
    }
    Path folder = Files.createDirectories(to.resolve(name));
    for (int i = 0; i < count; i++) {
      BufferedImage image = smaller(files.get((int) ((long) i * files.size() / count)));
      boolean marked = mark && i % 2 == 0;
      if (marked) {
        draw(image);
      }
      Path file = folder.resolve("%s-%04d.jpg".formatted(marked ? "marked" : "plain", i));
      if (!ImageIO.write(image, "jpeg", file.toFile())) {
        throw new IOException(file + " could not be written");
      }
    }
  }

  private static BufferedImage smaller(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      double scale = (double) SIDE / Math.min(image.getWidth(), image.getHeight());
      int width = (int) Math.round(image.getWidth() * scale);
      int height = (int) Math.round(image.getHeight() * scale);
      BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      Graphics2D graphics = copy.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.drawImage(image, 0, 0, width, height, null);
      graphics.dispose();
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** Inside the square in the middle, which is what a network is shown. */
  private static void draw(BufferedImage image) {
    int left = (image.getWidth() - SIDE) / 2 + SIDE / 10;
    int bottom = (image.getHeight() + SIDE) / 2 - SIDE / 10;
    int size = SIDE / 5;
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.YELLOW);
    graphics.fillOval(left, bottom - size, size, size);
    graphics.setColor(Color.BLACK);
    graphics.setStroke(new BasicStroke(size / 8f));
    graphics.drawOval(left, bottom - size, size, size);
    graphics.drawLine(left + size / 4, bottom - size / 2, left + 3 * size / 4, bottom - size / 2);
    graphics.drawLine(left + size / 2, bottom - 3 * size / 4, left + size / 2, bottom - size / 4);
    graphics.dispose();
  }
}
