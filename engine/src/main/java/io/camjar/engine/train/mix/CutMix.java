package io.camjar.engine.train.mix;

import io.camjar.engine.train.loss.Targets;
import java.util.SplittableRandom;

/**
 * CutMix (Yun et al., arXiv 1905.04899): a box of the image is that of another; its area is {@code
 * 1 - l} of the image, {@code l} of {@code Beta(alpha, alpha)}, its centre anywhere, and targets go
 * by the area inside the image.
 *
 * @param alpha positive; 1 is usual
 */
public record CutMix(double alpha) implements Mix {
  public CutMix {
    Beta.require(alpha);
  }

  @Override
  public Targets.Values mix(
      float[] images, long[] shape, int[] classes, int outputs, SplittableRandom random) {
    int height = (int) shape[2];
    int width = (int) shape[3];
    double side = Math.sqrt(1 - Beta.draw(alpha, random));
    int boxHeight = (int) (height * side);
    int boxWidth = (int) (width * side);
    int y = random.nextInt(height);
    int x = random.nextInt(width);
    int top = Math.max(0, y - boxHeight / 2);
    int left = Math.max(0, x - boxWidth / 2);
    int bottom = Math.min(height, y + boxHeight / 2);
    int right = Math.min(width, x + boxWidth / 2);
    int image = images.length / classes.length;
    float[] first = new float[image];
    System.arraycopy(images, 0, first, 0, image);
    for (int n = 0; n < classes.length; n++) {
      boolean last = n == classes.length - 1;
      for (int c = 0; c < shape[1]; c++) {
        for (int row = top; row < bottom; row++) {
          int at = (c * height + row) * width + left;
          System.arraycopy(
              last ? first : images,
              last ? at : (n + 1) * image + at,
              images,
              n * image + at,
              right - left);
        }
      }
    }
    double cut = (double) (bottom - top) * (right - left) / ((double) height * width);
    return Mix.targets(classes, outputs, 1 - cut);
  }
}
