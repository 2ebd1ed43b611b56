package io.camjar.engine.op;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Means over a grid of windows that cover the image, {@code [N, C, H, W]} to {@code [N, C, height,
 * width]}: row i of the grid reaches from {@code floor(i H / height)} to before {@code ceil((i + 1)
 * H / height)}.
 *
 * @param height rows of the grid
 * @param width columns of the grid
 */
public record AdaptiveAvgPool2d(int height, int width) implements Op {

  /** The mean over the whole image. */
  public AdaptiveAvgPool2d() {
    this(1, 1);
  }

  /** Whether there is one window, the whole image. */
  @Override
  public boolean isPlain() {
    return height == 1 && width == 1;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return PoolShapes.global(this, path, Op.same(inputs)).with(2, height).with(3, width);
  }

  @Override
  public INDArray forward(Frame frame) {
    Shape x = frame.inputShape(0);
    return isPlain()
        ? frame.kernels().avgPool2d(PoolShapes.window(x), frame.input())
        : Taps.image(frame.input(), taps(x.at(2), height), taps(x.at(3), width));
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    frame.inputGradient(
        0,
        isPlain()
            ? frame.kernels().avgPool2dBackward(PoolShapes.window(x), dy, x.at(2), x.at(3))
            : Taps.imageBackward(dy, taps(x.at(2), height), taps(x.at(3), width), x));
  }

  private static Taps taps(int length, int count) {
    return Taps.of(
        count,
        j -> PoolShapes.adaptive(length, count, j),
        j -> {
          double[] weights = new double[PoolShapes.adaptive(length, count, j).length];
          Arrays.fill(weights, 1.0 / weights.length);
          return weights;
        });
  }
}
