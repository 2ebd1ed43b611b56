package io.camjar.gradcam.image;

/**
 * fastai 1's framing: no 8-bit resize but {@code grid_sample} on floats, then a centred crop.
 *
 * <p>Source: fastai 1, {@code fastai/vision/image.py} ({@code _grid_sample}, {@code _affine_grid},
 * {@code _get_resize_target}) and {@code transform.py} ({@code crop_pad}): the short side goes to
 * the network's side (Python's {@code round}); a picture more than twice as large is first averaged
 * down; the corners of source and target coincide ({@code align_corners=True}, the only behaviour
 * of the PyTorch versions that fastai 1 was written for). Arithmetic is float32, as there.
 */
record GridSample() implements Framing {
  @Override
  public Framed frame(RgbImage image, int height, int width) {
    int w = image.width();
    int h = image.height();
    double ratio = Math.min((double) h / height, (double) w / width);
    int rows = (int) Math.rint(h / ratio);
    int columns = (int) Math.rint(w / ratio);
    int top = (rows - height + 1) / 2;
    int left = (columns - width + 1) / 2;
    double excess = Math.min((double) h / rows, (double) w / columns) / 2;
    int sourceRows = h;
    int sourceColumns = w;
    float[] planes;
    if (excess > 1) {
      double shrink = 1 / excess;
      sourceRows = Math.max((int) Math.floor(h * shrink), 1);
      sourceColumns = Math.max((int) Math.floor(w * shrink), 1);
      planes = averaged(image, sourceRows, sourceColumns);
    } else {
      planes = Framed.of(image, Box.whole(w, h)).planes();
    }
    Axis vertical = Axis.of(sourceRows, rows, top, height);
    Axis horizontal = Axis.of(sourceColumns, columns, left, width);
    return new Framed(
        sampled(planes, sourceRows, sourceColumns, vertical, horizontal),
        new Box(
            (double) left * w / columns,
            (double) top * h / rows,
            (double) (left + width) * w / columns,
            (double) (top + height) * h / rows));
  }

  /** PyTorch's {@code interpolate(mode='area')}, that is adaptive average pooling. */
  private static float[] averaged(RgbImage image, int outH, int outW) {
    int h = image.height();
    int w = image.width();
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
              sum += image.sample(xx, yy, c) / 255f;
            }
          }
          out[(c * outH + y) * outW + x] = sum / (bottom - top) / (right - left);
        }
      }
    }
    return out;
  }

  private static float[] sampled(float[] planes, int h, int w, Axis rows, Axis columns) {
    int outH = rows.low.length;
    int outW = columns.low.length;
    float[] out = new float[3 * outH * outW];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < outH; y++) {
        int upper = (c * h + rows.low[y]) * w;
        int lower = (c * h + rows.high[y]) * w;
        float down = rows.share[y];
        for (int x = 0; x < outW; x++) {
          int left = columns.low[x];
          int right = columns.high[x];
          float across = columns.share[x];
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

  /** For each output along one axis the two samples it lies between, and how near the second. */
  @SuppressWarnings("ArrayRecordComponent") // Local to this file; never compared.
  private record Axis(int[] low, int[] high, float[] share) {
    static Axis of(int inSize, int outSize, int from, int count) {
      int[] low = new int[count];
      int[] high = new int[count];
      float[] share = new float[count];
      for (int i = 0; i < count; i++) {
        float at = (linspace(from + i, outSize) + 1) / 2 * (inSize - 1);
        at = Math.max(0, Math.min(inSize - 1, at));
        low[i] = (int) at;
        high[i] = Math.min(low[i] + 1, inSize - 1);
        share[i] = at - low[i];
      }
      return new Axis(low, high, share);
    }

    /** {@code torch.linspace(-1, 1, steps)[i]}: counted from the nearer end. */
    private static float linspace(int i, int steps) {
      if (steps == 1) {
        return -1;
      }
      float step = 2f / (steps - 1);
      return i < steps / 2 ? -1 + step * i : 1 - step * (steps - i - 1);
    }
  }
}
