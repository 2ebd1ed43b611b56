package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.MaxPooled;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maxima over a grid of windows that cover the image, {@code [N, C, H, W]} to {@code [N, C, height,
 * width]}; the windows are those of {@link AdaptiveAvgPool2d}.
 *
 * @param height rows of the grid
 * @param width columns of the grid
 */
public record AdaptiveMaxPool2d(int height, int width) implements Op {

  /** The maximum over the whole image. */
  public AdaptiveMaxPool2d() {
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
    MaxPooled pooled =
        isPlain()
            ? frame.kernels().maxPool2d(PoolShapes.window(frame.inputShape(0)), frame.input())
            : pool(frame.input());
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

  private MaxPooled pool(INDArray x) {
    Shape shape = Shape.of(x);
    double[] in = HostCopy.doubles(x);
    Shape pooled = output("", List.of(shape));
    double[] y = new double[Math.toIntExact(pooled.length())];
    int[] argmax = new int[y.length];
    for (int i = 0; i < y.length; i++) {
      int from = i / (height * width) * shape.at(2) * shape.at(3);
      int best = -1;
      for (int h : PoolShapes.adaptive(shape.at(2), height, i / width % height)) {
        for (int w : PoolShapes.adaptive(shape.at(3), width, i % width)) {
          int at = h * shape.at(3) + w;
          double value = in[from + at];
          if (best < 0 || value > in[from + best] || Double.isNaN(value)) {
            best = at;
          }
        }
      }
      argmax[i] = best;
      y[i] = in[from + best];
    }
    return new MaxPooled(HostCopy.array(y, x.dataType(), pooled.toArray()), argmax);
  }
}
