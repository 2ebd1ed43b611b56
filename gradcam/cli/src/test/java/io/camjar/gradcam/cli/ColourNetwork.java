package io.camjar.gradcam.cli;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A network that looks at one colour and at nothing else, and images with spots of colours: its
 * first convolution is the colour's surplus, its blocks hand that on.
 */
public final class ColourNetwork {
  public static final int SIDE = 128;

  /** A gray that is a surplus of no colour. */
  private static final int BACKGROUND = 0xc0;

  private ColourNetwork() {}

  /**
   * The checkpoint; class 0 is what has the colour, class 1 what has not.
   *
   * @param channel 0 red, 1 green, 2 blue
   */
  public static TinyCheckpoint seeing(int channel) {
    TinyCheckpoint checkpoint = new TinyCheckpoint().named("spot", "none", "a", "b", "c");
    for (String tensor : checkpoint.tensors()) {
      if (tensor.endsWith(".bias") || tensor.endsWith(".running_mean")) {
        checkpoint.filled(tensor, 0);
      } else if (tensor.endsWith(".running_var")) {
        checkpoint.filled(tensor, 1);
      } else if (tensor.endsWith("downsample.0.weight")) {
        long[] shape = checkpoint.shape(tensor);
        float[] first = new float[(int) (shape[0] * shape[1])];
        first[0] = 1;
        checkpoint.holding(tensor, first);
      } else if (tensor.matches(".*bn2\\.weight")) {
        checkpoint.filled(tensor, 0);
      } else if (tensor.matches("(.*downsample\\.1|bn1)\\.weight")) {
        checkpoint.filled(tensor, 1);
      }
    }
    float[] surplus = new float[4 * 3 * 49];
    for (int c = 0; c < 3; c++) {
      Arrays.fill(surplus, c * 49, (c + 1) * 49, c == channel ? 1 / 49f : -1 / 49f);
    }
    checkpoint.holding("conv1.weight", surplus);
    float[] head = new float[(int) (TinyCheckpoint.CLASSES * checkpoint.shape("fc.weight")[1])];
    head[0] = 10;
    checkpoint.holding("fc.weight", head);
    return checkpoint.holding("fc.bias", 0, 0.1f, -9, -9, -9);
  }

  /**
   * An image of spots on gray.
   *
   * @param spots left, top, side, {@code 0xrrggbb} of each
   */
  public static Path write(Path file, int[]... spots) throws IOException {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    Arrays.fill(rgb, (byte) BACKGROUND);
    for (int[] spot : spots) {
      for (int y = spot[1]; y < spot[1] + spot[2]; y++) {
        for (int x = spot[0]; x < spot[0] + spot[2]; x++) {
          for (int c = 0; c < 3; c++) {
            rgb[3 * (y * SIDE + x) + c] = (byte) (spot[3] >> 16 - 8 * c);
          }
        }
      }
    }
    Files.createDirectories(file.getParent());
    return Files.write(file, Png.encode(RgbImage.of(SIDE, SIDE, rgb)));
  }
}
