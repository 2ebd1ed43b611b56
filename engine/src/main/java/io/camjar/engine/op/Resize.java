package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images of another size, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}, without a filter against
 * aliasing. Coordinates and rounding have ONNX's names.
 *
 * @param mode which pixels a new one is made of
 * @param coordinates where a new pixel lies on the image
 * @param rounding which pixel is the nearest; of NEAREST only
 * @param cubic the kernel's parameter a, -0.75 in PyTorch; of BICUBIC only
 * @param size new height and width; empty where they follow from the scale, rounded down
 * @param scale new by old height and width; empty where they follow from the size
 */
public record Resize(
    Mode mode,
    Coordinates coordinates,
    Rounding rounding,
    double cubic,
    List<Long> size,
    List<Double> scale)
    implements Op {

  /** Which pixels a new one is made of. */
  public enum Mode {
    /** The nearest. */
    NEAREST,
    /** Two by two, by distance. */
    BILINEAR,
    /** Four by four, by Keys' kernel (IEEE Trans. ASSP 29, 1981). */
    BICUBIC
  }

  /** Where a new pixel lies on the image. */
  public enum Coordinates {
    /** Pixels are squares: centres lie at halves. */
    HALF_PIXEL,
    /** The same, but a single new pixel lies at 0. */
    PYTORCH_HALF_PIXEL,
    /** The centres of the corners stay corners. */
    ALIGN_CORNERS,
    /** The number of the new pixel divided by the scale. */
    ASYMMETRIC
  }

  /** Which of two pixels is the nearest. */
  public enum Rounding {
    /** The one before. */
    FLOOR,
    /** The one behind. */
    CEIL,
    /** The nearer one; half-way the one before. */
    ROUND_PREFER_FLOOR,
    /** The nearer one; half-way the one behind. */
    ROUND_PREFER_CEIL
  }

  /** PyTorch's kernel. */
  public static final double PYTORCH_CUBIC = -0.75;

  /**
   * A resizing.
   *
   * @throws CamjarException if there is neither a positive size nor a positive scale of two sides
   */
  public Resize {
    size = List.copyOf(size);
    scale = List.copyOf(scale);
    boolean sized = size.size() == 2 && size.stream().allMatch(side -> side > 0);
    boolean scaled = scale.size() == 2 && scale.stream().allMatch(s -> s > 0);
    if (!(sized || size.isEmpty()) || !(scaled || scale.isEmpty()) || !(sized || scaled)) {
      throw new CamjarException(
          "resizing needs a positive size or scale of height and width, found %s and %s"
              .formatted(size, scale));
    }
  }

  /** PyTorch's {@code interpolate} to a size; {@code alignCorners} means nothing to NEAREST. */
  public static Resize to(Mode mode, boolean alignCorners, long height, long width) {
    return pytorch(mode, alignCorners, List.of(height, width), List.of());
  }

  /** PyTorch's {@code interpolate} by a scale; {@code alignCorners} means nothing to NEAREST. */
  public static Resize by(Mode mode, boolean alignCorners, double scaleH, double scaleW) {
    return pytorch(mode, alignCorners, List.of(), List.of(scaleH, scaleW));
  }

  private static Resize pytorch(
      Mode mode, boolean alignCorners, List<Long> size, List<Double> scale) {
    Coordinates coordinates =
        mode == Mode.NEAREST
            ? Coordinates.ASYMMETRIC
            : alignCorners ? Coordinates.ALIGN_CORNERS : Coordinates.HALF_PIXEL;
    return new Resize(mode, coordinates, Rounding.FLOOR, PYTORCH_CUBIC, size, scale);
  }

  @Override
  public String kind() {
    return "Upsample";
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != 4 || length(0, x.side(2)) < 1 || length(1, x.side(3)) < 1) {
      throw mismatch(path, "[N, C, H, W] that keeps a pixel", x);
    }
    return x.with(2, length(0, x.side(2))).with(3, length(1, x.side(3)));
  }

  private long length(int side, long of) {
    return size.isEmpty() ? (long) Math.floor(of * scale.get(side)) : size.get(side);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape x = frame.inputShape(0);
    return Taps.image(frame.input(), taps(0, x.at(2)), taps(1, x.at(3)));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    frame.inputGradient(0, Taps.imageBackward(dy, taps(0, x.at(2)), taps(1, x.at(3)), x));
  }

  private Taps taps(int side, int length) {
    int out = (int) length(side, length);
    double step = scale.isEmpty() ? (double) length / out : 1 / scale.get(side);
    if (mode == Mode.NEAREST) {
      int[] places = new int[out];
      for (int j = 0; j < out; j++) {
        places[j] = clamp((int) nearest(j, step, length, out), length);
      }
      return Taps.picks(places);
    }
    int width = mode == Mode.BILINEAR ? 2 : 4;
    return Taps.of(
        out,
        j -> {
          int first = (int) Math.floor(at(j, step, length, out)) - width / 2 + 1;
          int[] places = new int[width];
          for (int k = 0; k < width; k++) {
            places[k] = clamp(first + k, length);
          }
          return places;
        },
        j -> {
          double at = at(j, step, length, out);
          double part = at - Math.floor(at);
          double[] weights = new double[width];
          for (int k = 0; k < width; k++) {
            double distance = Math.abs(k - (width / 2 - 1) - part);
            weights[k] = mode == Mode.BILINEAR ? 1 - distance : cubic(distance);
          }
          return weights;
        });
  }

  private double at(int j, double step, int length, int out) {
    return switch (coordinates) {
      case HALF_PIXEL -> (j + 0.5) * step - 0.5;
      case PYTORCH_HALF_PIXEL -> out > 1 ? (j + 0.5) * step - 0.5 : 0;
      case ALIGN_CORNERS -> out > 1 ? (double) j * (length - 1) / (out - 1) : 0;
      case ASYMMETRIC -> j * step;
    };
  }

  private double nearest(int j, double step, int length, int out) {
    // PyTorch multiplies in single precision, which decides where the product is a whole number.
    double at =
        coordinates == Coordinates.ASYMMETRIC ? (float) j * (float) step : at(j, step, length, out);
    return switch (rounding) {
      case FLOOR -> Math.floor(at);
      case CEIL -> Math.ceil(at);
      case ROUND_PREFER_FLOOR -> Math.ceil(at - 0.5);
      case ROUND_PREFER_CEIL -> Math.floor(at + 0.5);
    };
  }

  private double cubic(double t) {
    return t <= 1
        ? ((cubic + 2) * t - (cubic + 3)) * t * t + 1
        : t < 2 ? ((cubic * t - 5 * cubic) * t + 8 * cubic) * t - 4 * cubic : 0;
  }

  private static int clamp(int place, int length) {
    return Math.max(0, Math.min(place, length - 1));
  }
}
