package io.camjar.gradcam.image;

import java.util.List;

/**
 * What is put around an image that is too small: torchvision's {@code pad} of Pillow images, which
 * is NumPy's, and PyTorch's of tensors.
 *
 * @param mode {@code constant}, {@code edge}, {@code reflect} or {@code symmetric}
 * @param color red, green and blue of {@code constant}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Border(String mode, int[] color) {
  private static final int OUTSIDE = -1;

  /** With the colour that stands in {@code numbers} from {@code at}, black if none does. */
  static Border of(String mode, List<Integer> numbers, int at) {
    int[] color = new int[3];
    for (int c = 0; c < 3 && at + c < numbers.size(); c++) {
      color[c] = numbers.get(at + c);
    }
    return new Border(mode, color);
  }

  /** The image at ({@code above}, {@code before}) of {@code rows} x {@code columns} pixels. */
  RgbImage around(RgbImage image, int above, int before, int rows, int columns) {
    byte[] in = image.samples();
    byte[] out = new byte[rows * columns * 3];
    int[] fromColumns = sources(image.width(), before, columns);
    int[] fromRows = sources(image.height(), above, rows);
    int at = 0;
    for (int row : fromRows) {
      for (int column : fromColumns) {
        boolean inside = row != OUTSIDE && column != OUTSIDE;
        int from = (row * image.width() + column) * 3;
        for (int c = 0; c < 3; c++) {
          out[at + c] = inside ? in[from + c] : (byte) color[c];
        }
        at += 3;
      }
    }
    return RgbImage.wrap(columns, rows, out);
  }

  /** The same for planes of samples 0 to 1. */
  float[] around(
      float[] planes, int height, int width, int above, int before, int rows, int columns) {
    float[] out = new float[3 * rows * columns];
    int[] fromColumns = sources(width, before, columns);
    int[] fromRows = sources(height, above, rows);
    int at = 0;
    for (int c = 0; c < 3; c++) {
      for (int row : fromRows) {
        for (int column : fromColumns) {
          boolean inside = row != OUTSIDE && column != OUTSIDE;
          out[at] = inside ? planes[(c * height + row) * width + column] : color[c] / 255f;
          at++;
        }
      }
    }
    return out;
  }

  /** For each position along an axis the one of the image that it repeats. */
  private int[] sources(int size, int before, int count) {
    int[] sources = new int[count];
    for (int i = 0; i < count; i++) {
      int at = i - before;
      boolean inside = at >= 0 && at < size;
      sources[i] =
          inside
              ? at
              : switch (mode) {
                case "edge" -> Math.max(0, Math.min(size - 1, at));
                case "reflect" -> reflected(at, size);
                case "symmetric" -> mirrored(at, size);
                default -> OUTSIDE;
              };
    }
    return sources;
  }

  /** Reflected at the middle of the outermost pixels, which are not repeated. */
  private static int reflected(int at, int size) {
    if (size == 1) {
      return 0;
    }
    int inPeriod = Math.floorMod(at, 2 * (size - 1));
    return inPeriod < size ? inPeriod : 2 * (size - 1) - inPeriod;
  }

  /** Reflected at the outer edges. */
  private static int mirrored(int at, int size) {
    int inPeriod = Math.floorMod(at, 2 * size);
    return inPeriod < size ? inPeriod : 2 * size - 1 - inPeriod;
  }
}
