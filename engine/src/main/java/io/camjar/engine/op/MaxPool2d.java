package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Max-pool, {@code [N, C, H, W]} to {@code [N, C, oH, oW]}; the first maximum wins a tie, and
 * padding never wins.
 *
 * @param geometry the window, and the padding above and left
 * @param padBottom rows of padding below
 * @param padRight columns of padding right
 * @param dilationH rows from one place of the window to the next
 * @param dilationW columns from one place of the window to the next
 */
public record MaxPool2d(
    Pool2dGeometry geometry, int padBottom, int padRight, int dilationH, int dilationW)
    implements Op {

  /** A pool padded alike on opposite sides, without dilation. */
  public MaxPool2d(Pool2dGeometry geometry) {
    this(geometry, geometry.padH(), geometry.padW(), 1, 1);
  }

  /** The same pool with another padding below and right. */
  public MaxPool2d withPaddingAfter(int bottom, int right) {
    return new MaxPool2d(geometry, bottom, right, dilationH, dilationW);
  }

  /** The same pool with another dilation. */
  public MaxPool2d withDilation(int rows, int columns) {
    return new MaxPool2d(geometry, padBottom, padRight, rows, columns);
  }

  @Override
  public boolean isPlain() {
    return padBottom == geometry.padH()
        && padRight == geometry.padW()
        && dilationH == 1
        && dilationW == 1;
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
    MaxPooled pooled =
        isPlain() ? frame.kernels().maxPool2d(geometry, frame.input()) : pool(frame.input());
    if (frame.wantsInput(0)) {
      frame.save(pooled.argmax());
    }
    return pooled.values();
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    int[] argmax = frame.saved(int[].class);
    frame.inputGradient(
        0, frame.kernels().maxPool2dBackward(dy, argmax, frame.inputShape(0).toArray()));
  }

  private Window rows() {
    return Window.rows(geometry, dilationH, padBottom);
  }

  private Window columns() {
    return Window.columns(geometry, dilationW, padRight);
  }

  private MaxPooled pool(INDArray x) {
    Shape shape = Shape.of(x);
    int width = shape.at(3);
    int plane = shape.at(2) * width;
    double[] in = HostCopy.doubles(x);
    Shape pooled = output("", List.of(shape));
    double[] y = new double[Math.toIntExact(pooled.length())];
    int[] argmax = new int[y.length];
    for (int i = 0; i < y.length; i++) {
      int from = i / (pooled.at(2) * pooled.at(3)) * plane;
      int row = i / pooled.at(3) % pooled.at(2);
      int best = best(in, from, shape, row, i % pooled.at(3));
      argmax[i] = best;
      // A window that lies in padding alone has no maximum.
      y[i] = best < 0 ? Double.NEGATIVE_INFINITY : in[from + best];
    }
    for (int i = 0; i < argmax.length; i++) {
      argmax[i] = Math.max(argmax[i], 0);
    }
    return new MaxPooled(HostCopy.array(y, x.dataType(), pooled.toArray()), argmax);
  }

  private int best(double[] in, int from, Shape shape, int row, int column) {
    int best = -1;
    for (int kh = 0; kh < geometry.kernelH(); kh++) {
      int h = rows().start(row) + kh * dilationH;
      for (int kw = 0; h >= 0 && h < shape.at(2) && kw < geometry.kernelW(); kw++) {
        int w = columns().start(column) + kw * dilationW;
        if (w >= 0 && w < shape.at(3)) {
          int at = h * shape.at(3) + w;
          double value = in[from + at];
          // ATen's rule: a later value must be greater, or not a number.
          if (best < 0
              || (!(value <= in[from + best])
                  && (value > in[from + best] || Double.isNaN(value)))) {
            best = at;
          }
        }
      }
    }
    return best;
  }
}
