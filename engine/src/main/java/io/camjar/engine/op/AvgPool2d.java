package io.camjar.engine.op;

import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Average pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}.
 *
 * @param geometry the window, and the padding above and left
 * @param padBottom rows of padding below
 * @param padRight columns of padding right
 * @param countPadding whether padding counts as zeros ({@code count_include_pad}); what overhangs
 *     padding never counts
 * @param divisor what sums are divided by; 0 for the number of places that count
 */
public record AvgPool2d(
    Pool2dGeometry geometry, int padBottom, int padRight, boolean countPadding, int divisor)
    implements Op {

  /** A pool padded alike on opposite sides, whose padding does not count. */
  public AvgPool2d(Pool2dGeometry geometry) {
    this(geometry, geometry.padH(), geometry.padW(), false, 0);
  }

  /** The same pool with padding that counts, as PyTorch's default has it. */
  public AvgPool2d withCountedPadding() {
    return new AvgPool2d(geometry, padBottom, padRight, true, divisor);
  }

  /** The same pool with another padding below and right. */
  public AvgPool2d withPaddingAfter(int bottom, int right) {
    return new AvgPool2d(geometry, bottom, right, countPadding, divisor);
  }

  /** The same pool with sums divided by this number. */
  public AvgPool2d withDivisor(int by) {
    return new AvgPool2d(geometry, padBottom, padRight, countPadding, by);
  }

  @Override
  public boolean isPlain() {
    boolean padded = geometry.padH() > 0 || geometry.padW() > 0;
    return padBottom == geometry.padH()
        && padRight == geometry.padW()
        && !(countPadding && padded)
        && divisor == 0;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return PoolShapes.of(this, path, rows(), columns(), Op.same(inputs));
  }

  @Override
  public INDArray forward(Frame frame) {
    if (isPlain()) {
      return frame.kernels().avgPool2d(geometry, frame.input());
    }
    Shape x = frame.inputShape(0);
    return Taps.image(
        frame.input(),
        taps(rows(), x.at(2), divisor),
        taps(columns(), x.at(3), divisor > 0 ? 1 : 0));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    frame.inputGradient(
        0,
        isPlain()
            ? frame.kernels().avgPool2dBackward(geometry, dy, x.at(2), x.at(3))
            : Taps.imageBackward(
                dy,
                taps(rows(), x.at(2), divisor),
                taps(columns(), x.at(3), divisor > 0 ? 1 : 0),
                x));
  }

  private Window rows() {
    return Window.rows(geometry, 1, padBottom);
  }

  private Window columns() {
    return Window.columns(geometry, 1, padRight);
  }

  /** One side's share: a window's mean is the mean of its rows' means. */
  private Taps taps(Window window, int length, int by) {
    return Taps.of(
        window.count(length),
        j -> places(window, length, j),
        j -> {
          int inside = places(window, length, j).length;
          int counted = countPadding ? window.end(j, length) - window.start(j) : inside;
          double[] weights = new double[inside];
          Arrays.fill(weights, 1.0 / (by > 0 ? by : counted));
          return weights;
        });
  }

  private static int[] places(Window window, int length, int j) {
    return IntStream.range(Math.max(window.start(j), 0), Math.min(window.end(j, length), length))
        .toArray();
  }
}
