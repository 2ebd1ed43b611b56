package io.camjar.gradcam.image;

import io.camjar.weights.container.preparation.PreparationStep;
import java.util.List;
import java.util.Locale;

/**
 * Takes an image through the steps of a preparation, and keeps account of where on the image the
 * result lies.
 *
 * <p>A resize waits for the crop that follows it, so that only what is kept is computed: a 1 x
 * 20,000 image must not become 256 x 5,120,000.
 */
final class Framer {
  /** Images are padded up to this many pixels: 400 MB of samples. */
  private static final long MOST_PIXELS = 1L << 27;

  private RgbImage image;
  private float[] planes = new float[0];
  private boolean floats;
  private int width;
  private int height;
  private Resample waiting = Resample.BILINEAR;

  // Where (x, y) of the current image lies on the original: (left + x * scaleX, ...).
  private double left;
  private double top;
  private double scaleX = 1;
  private double scaleY = 1;

  private Framer(RgbImage image) {
    this.image = image;
    this.width = image.width();
    this.height = image.height();
  }

  /** The image after all steps, and the rectangle of the original that it shows. */
  static Framed frame(RgbImage image, List<PreparationStep> steps) {
    Framer framer = new Framer(image);
    steps.forEach(framer::follow);
    framer.toFloats();
    Box region =
        new Box(
            framer.left,
            framer.top,
            framer.left + framer.width * framer.scaleX,
            framer.top + framer.height * framer.scaleY);
    return new Framed(framer.planes, framer.height, framer.width, region);
  }

  private void follow(PreparationStep step) {
    int first = step.numbers().isEmpty() ? 0 : step.numbers().get(0);
    int second = step.numbers().size() < 2 ? first : step.numbers().get(1);
    switch (step.kind()) {
      case RESIZE -> resize(first, second, filter(step));
      case RESIZE_SHORT -> shortSide(first, filter(step));
      case RESIZE_INSIDE -> keepRatio(first, second, true, filter(step));
      case RESIZE_OUTSIDE -> keepRatio(first, second, false, filter(step));
      case CENTER_CROP -> centerCrop(first, second, step);
      case CROP_TO -> cropTo(first, second, filter(step));
      case PAD_TO -> padTo(first, second, filter(step), step.words().get(1));
      case SAMPLE -> sample(first, second, step.words().contains("corners"));
      case FASTAI1 -> fastai1(first, second, step.words().get(0), step.words().get(1));
      case PAD ->
          pad(
              first,
              second,
              step.numbers().get(2),
              step.numbers().get(3),
              Border.of(step.words().get(0), step.numbers(), 4));
      case GRAY -> gray();
    }
  }

  private static Resample filter(PreparationStep step) {
    return Resample.valueOf(step.words().get(0).toUpperCase(Locale.ROOT));
  }

  private void resize(int rows, int columns, Resample filter) {
    toBytes();
    settle();
    scaleX *= (double) width / columns;
    scaleY *= (double) height / rows;
    height = rows;
    width = columns;
    waiting = filter;
  }

  /** torchvision: {@code int(size * long / short)}, a product of integers divided as doubles. */
  private void shortSide(int side, Resample filter) {
    int rows = height < width ? side : (int) ((double) ((long) side * height) / width);
    int columns = height < width ? (int) ((double) ((long) side * width) / height) : side;
    resize(rows, columns, filter);
  }

  /** timm's {@code ResizeKeepRatio}. */
  private void keepRatio(int rows, int columns, boolean inside, Resample filter) {
    double down = (double) height / rows;
    double across = (double) width / columns;
    double ratio = inside ? Math.max(down, across) : Math.min(down, across);
    resize(
        Math.max((int) Math.rint(height / ratio), 1),
        Math.max((int) Math.rint(width / ratio), 1),
        filter);
  }

  private void centerCrop(int rows, int columns, PreparationStep step) {
    boolean floor = step.words().get(0).equals("floor");
    Border border =
        Border.of(step.words().size() > 1 ? step.words().get(1) : "constant", step.numbers(), 2);
    int missingRows = Math.max(rows - height, 0);
    int missingColumns = Math.max(columns - width, 0);
    if (missingRows + missingColumns > 0) {
      // torchvision puts the odd pixel after the image; floor division puts it before.
      int above = floor ? (missingRows + 1) / 2 : missingRows / 2;
      int before = floor ? (missingColumns + 1) / 2 : missingColumns / 2;
      // What is too large is cut first: it is the same, and padding stays small.
      crop(
          offset(height, rows, floor),
          offset(width, columns, floor),
          Math.min(rows, height),
          Math.min(columns, width));
      pad(before, above, missingColumns - before, missingRows - above, border);
    } else {
      crop(offset(height, rows, floor), offset(width, columns, floor), rows, columns);
    }
  }

  private static int offset(int size, int wanted, boolean floor) {
    int excess = Math.max(size - wanted, 0);
    return floor ? excess / 2 : (int) Math.rint(excess / 2.0);
  }

  /** fastai 2's {@code Resize} with {@code ResizeMethod.Crop}, {@code vision/augment.py}. */
  private void cropTo(int rows, int columns, Resample filter) {
    double scale = Math.min((double) width / columns, (double) height / rows);
    int cropWidth = Math.max((int) (scale * columns), 1);
    int cropHeight = Math.max((int) (scale * rows), 1);
    crop(
        (int) (0.5 * (height - cropHeight)),
        (int) (0.5 * (width - cropWidth)),
        cropHeight,
        cropWidth);
    resize(rows, columns, filter);
  }

  /** The same with {@code ResizeMethod.Pad}: padded to the shape before it is resized. */
  private void padTo(int rows, int columns, Resample filter, String padding) {
    double scale = Math.max((double) width / columns, (double) height / rows);
    int allWidth = Math.max((int) (scale * columns), 1);
    int allHeight = Math.max((int) (scale * rows), 1);
    int before = (int) (0.5 * (width - allWidth));
    int above = (int) (0.5 * (height - allHeight));
    int lessWidth = Math.min(width, allWidth);
    int lessHeight = Math.min(height, allHeight);
    // Rounding may leave the shape a pixel smaller than the image.
    crop(Math.max(above, 0), Math.max(before, 0), lessHeight, lessWidth);
    int padLeft = Math.max(-before, 0);
    int padTop = Math.max(-above, 0);
    pad(
        padLeft,
        padTop,
        Math.max(allWidth - lessWidth - padLeft, 0),
        Math.max(allHeight - lessHeight - padTop, 0),
        new Border(padding, new int[3]));
    resize(rows, columns, filter);
  }

  /** fastai 2's {@code affine_coord} with a size and no transform. */
  private void sample(int rows, int columns, boolean corners) {
    toFloats();
    planes = GridSample.sample(planes, height, width, rows, columns, corners);
    scaleX *= (double) width / columns;
    scaleY *= (double) height / rows;
    height = rows;
    width = columns;
  }

  /** fastai 1's {@code apply_tfms}, {@code vision/image.py}, and {@code crop_pad}. */
  private void fastai1(int rows, int columns, String method, String padding) {
    toFloats();
    int allRows = rows;
    int allColumns = columns;
    if (!method.equals("squish")) {
      double down = (double) height / rows;
      double across = (double) width / columns;
      double ratio = method.equals("pad") ? Math.max(down, across) : Math.min(down, across);
      allRows = Math.max((int) Math.rint(height / ratio), 1);
      allColumns = Math.max((int) Math.rint(width / ratio), 1);
    }
    int padRows = Math.max((rows - allRows + 1) / 2, 0);
    int padColumns = Math.max((columns - allColumns + 1) / 2, 0);
    int fromRow = (allRows + 2 * padRows - rows + 1) / 2;
    int fromColumn = (allColumns + 2 * padColumns - columns + 1) / 2;
    // Only the rows and columns that are kept are sampled, padding aside.
    int cutTop = padRows > 0 ? 0 : fromRow;
    int cutLeft = padColumns > 0 ? 0 : fromColumn;
    int keptRows = padRows > 0 ? allRows : rows;
    int keptColumns = padColumns > 0 ? allColumns : columns;
    planes =
        GridSample.window(
            planes, height, width, allRows, allColumns, cutTop, cutLeft, keptRows, keptColumns);
    scaleX *= (double) width / allColumns;
    scaleY *= (double) height / allRows;
    height = keptRows;
    width = keptColumns;
    left += cutLeft * scaleX;
    top += cutTop * scaleY;
    if (padRows + padColumns > 0) {
      pad(padColumns, padRows, padColumns, padRows, new Border(padding, new int[3]));
      crop(padRows > 0 ? fromRow : 0, padColumns > 0 ? fromColumn : 0, rows, columns);
    }
  }

  private void crop(int fromRow, int fromColumn, int rows, int columns) {
    if (fromRow == 0 && fromColumn == 0 && rows == height && columns == width) {
      return;
    }
    if (floats) {
      float[] kept = new float[3 * rows * columns];
      for (int line = 0; line < 3 * rows; line++) {
        int from = (line / rows * height + fromRow + line % rows) * width + fromColumn;
        System.arraycopy(planes, from, kept, line * columns, columns);
      }
      planes = kept;
    } else {
      Box whole = Box.whole(image.width(), image.height());
      image =
          PillowResize.window(
              image, width, height, waiting, whole, fromColumn, fromRow, columns, rows);
    }
    left += fromColumn * scaleX;
    top += fromRow * scaleY;
    height = rows;
    width = columns;
  }

  private void pad(int before, int above, int after, int below, Border border) {
    int rows = height + above + below;
    int columns = width + before + after;
    if (rows == height && columns == width) {
      return;
    }
    checkSize(rows, columns);
    settle();
    if (floats) {
      planes = border.around(planes, height, width, above, before, rows, columns);
    } else {
      image = border.around(image, above, before, rows, columns);
    }
    left -= before * scaleX;
    top -= above * scaleY;
    height = rows;
    width = columns;
  }

  private void checkSize(int rows, int columns) {
    if ((long) rows * columns > MOST_PIXELS) {
      throw new ImageException(
          "The image of %d x %d pixels would be %d x %d on the way to the network, which is too large; crop it, or take a preset that squishes."
              .formatted(image.width(), image.height(), columns, rows));
    }
  }

  private void gray() {
    if (floats) {
      int size = height * width;
      for (int i = 0; i < size; i++) {
        // torchvision's rgb_to_grayscale of tensors.
        float luma =
            0.2989f * planes[i] + 0.587f * planes[size + i] + 0.114f * planes[2 * size + i];
        planes[i] = luma;
        planes[size + i] = luma;
        planes[2 * size + i] = luma;
      }
    } else {
      settle();
      image = image.gray();
    }
  }

  /** Carries out the resize that waits. */
  private void settle() {
    if (!floats && (image.width() != width || image.height() != height)) {
      checkSize(height, width);
      image = PillowResize.resize(image, width, height, waiting);
    }
  }

  /** Back to 8 bits, which only files ask for whose transforms stand in no list. */
  private void toBytes() {
    if (floats) {
      int size = width * height;
      byte[] rgb = new byte[3 * size];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) Math.round(255 * planes[i % 3 * size + i / 3]);
      }
      image = RgbImage.wrap(width, height, rgb);
      floats = false;
    }
  }

  /** As torchvision's {@code ToTensor}: planes of {@code sample / 255}. */
  private void toFloats() {
    if (floats) {
      return;
    }
    settle();
    byte[] in = image.samples();
    int size = width * height;
    planes = new float[3 * size];
    for (int i = 0; i < size; i++) {
      for (int c = 0; c < 3; c++) {
        planes[c * size + i] = (in[3 * i + c] & 0xff) / 255f;
      }
    }
    floats = true;
  }

  /**
   * A prepared image before its normalisation.
   *
   * @param planes samples 0 to 1, {@code [3][height][width]} flattened
   * @param region the rectangle of the original that they show, in its pixels; it reaches beyond
   *     the original where that was padded
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
  record Framed(float[] planes, int height, int width, Box region) {}
}
