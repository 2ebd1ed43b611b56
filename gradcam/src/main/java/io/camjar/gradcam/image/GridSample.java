package io.camjar.gradcam.image;

import io.camjar.gradcam.math.BilinearAxis;

/**
 * PyTorch's {@code grid_sample} as both fastais resize with it: bilinear on floats, after averaging
 * down where an image is more than twice as large as wanted.
 *
 * <p>Sources: fastai 1, {@code fastai/vision/image.py} ({@code _grid_sample}, {@code
 * _affine_grid}): the corners of source and target coincide ({@code align_corners=True}, the only
 * behaviour of the PyTorch versions that fastai 1 was written for). fastai 2, {@code
 * fastai/vision/augment.py} ({@code affine_coord}, {@code _grid_sample}). Arithmetic is float32, as
 * there.
 */
final class GridSample {
  private GridSample() {}

  /** All of {@code [3][h][w]} at {@code outH} x {@code outW}. */
  static float[] sample(float[] planes, int h, int w, int outH, int outW, boolean corners) {
    // fastai compares with how far the grid zooms: 1 if it reaches the corners, a bit more if not.
    double zoom = corners ? 1 : 1 / (1 - 1.0 / Math.max(outH, outW));
    return sample(planes, h, w, outH, outW, 0, 0, outH, outW, corners, zoom);
  }

  /**
   * The rectangle ({@code top}, {@code left}) {@code height} x {@code width} of {@code [3][h][w]}
   * at {@code rows} x {@code columns}, without computing the rest; corners coincide.
   */
  static float[] window(
      float[] planes,
      int h,
      int w,
      int rows,
      int columns,
      int top,
      int left,
      int height,
      int width) {
    return sample(planes, h, w, rows, columns, top, left, height, width, true, 1);
  }

  private static float[] sample(
      float[] planes,
      int h,
      int w,
      int rows,
      int columns,
      int top,
      int left,
      int height,
      int width,
      boolean corners,
      double zoom) {
    double excess = Math.min((double) h / rows, (double) w / columns) / 2;
    int sourceRows = h;
    int sourceColumns = w;
    float[] source = planes;
    if (excess > 1 && excess > zoom) {
      double shrink = 1 / excess;
      sourceRows = Math.max((int) Math.floor(h * shrink), 1);
      sourceColumns = Math.max((int) Math.floor(w * shrink), 1);
      source = averaged(planes, h, w, sourceRows, sourceColumns);
    }
    BilinearAxis vertical = axis(sourceRows, rows, top, height, corners);
    BilinearAxis horizontal = axis(sourceColumns, columns, left, width, corners);
    return sampled(source, sourceRows, sourceColumns, vertical, horizontal);
  }

  /** PyTorch's {@code interpolate(mode='area')}, that is adaptive average pooling. */
  private static float[] averaged(float[] planes, int h, int w, int outH, int outW) {
    float[] out = new float[3 * outH * outW];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < outH; y++) {
        int top = (int) ((long) y * h / outH);
        int bottom = (int) (((long) (y + 1) * h + outH - 1) / outH);
        for (int x = 0; x < outW; x++) {
          int left = (int) ((long) x * w / outW);
          int right = (int) (((long) (x + 1) * w + outW - 1) / outW);
          float sum = 0;
          for (int yy = top; yy < bottom; yy++) {
            for (int xx = left; xx < right; xx++) {
              sum += planes[(c * h + yy) * w + xx];
            }
          }
          out[(c * outH + y) * outW + x] = sum / (bottom - top) / (right - left);
        }
      }
    }
    return out;
  }

  private static float[] sampled(
      float[] planes, int h, int w, BilinearAxis rows, BilinearAxis columns) {
    int outH = rows.outputs();
    int outW = columns.outputs();
    float[] out = new float[3 * outH * outW];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < outH; y++) {
        int upper = (c * h + rows.low()[y]) * w;
        int lower = (c * h + rows.high()[y]) * w;
        float down = rows.share()[y];
        for (int x = 0; x < outW; x++) {
          int left = columns.low()[x];
          int right = columns.high()[x];
          float across = columns.share()[x];
          out[(c * outH + y) * outW + x] =
              planes[upper + left] * (1 - across) * (1 - down)
                  + planes[upper + right] * across * (1 - down)
                  + planes[lower + left] * (1 - across) * down
                  + planes[lower + right] * across * down;
        }
      }
    }
    return out;
  }

  private static BilinearAxis axis(int inSize, int outSize, int from, int count, boolean corners) {
    return BilinearAxis.of(
        inSize, count, i -> position(linspace(from + i, outSize), inSize, outSize, corners));
  }

  /** PyTorch's {@code affine_grid} and {@code grid_sampler_unnormalize}. */
  private static float position(float on, int inSize, int outSize, boolean corners) {
    if (corners) {
      return (on + 1) / 2 * (inSize - 1);
    }
    return ((on * (outSize - 1) / outSize + 1) * inSize - 1) / 2;
  }

  /** {@code torch.linspace(-1, 1, steps)[i]}: counted from the nearer end. */
  private static float linspace(int i, int steps) {
    if (steps == 1) {
      return -1; // fastai 1's grid; fastai 2's is 0 there, which no network's input asks for
    }
    float step = 2f / (steps - 1);
    return i < steps / 2 ? -1 + step * i : 1 - step * (steps - i - 1);
  }
}
