package io.camjar.gradcam.cli;

import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes images that show nothing in particular. */
public final class TinyImage {
  private TinyImage() {}

  /** Writes a PNG file and returns it. */
  public static Path write(Path file, int width, int height) throws IOException {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }
    return Files.write(file, Png.encode(RgbImage.of(width, height, rgb)));
  }
}
