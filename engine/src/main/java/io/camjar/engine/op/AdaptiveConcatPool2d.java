package io.camjar.engine.op;

import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.MaxPooled;
import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * fastai's pool: the maximum and then the mean over the whole image, {@code [N, C, H, W]} to {@code
 * [N, 2C, 1, 1]}.
 */
public record AdaptiveConcatPool2d() implements Op {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape pooled = PoolShapes.global(this, path, Op.same(inputs));
    return pooled.with(1, 2 * pooled.side(1));
  }

  @Override
  public INDArray forward(Frame frame) {
    Pool2dGeometry window = PoolShapes.window(frame.inputShape(0));
    MaxPooled max = frame.kernels().maxPool2d(window, frame.input());
    if (frame.wantsInput(0)) {
      frame.save(max.argmax());
    }
    try (INDArray maximum = max.values();
        INDArray mean = frame.kernels().avgPool2d(window, frame.input())) {
      return Nd4j.concat(1, maximum, mean);
    }
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Shape x = frame.inputShape(0);
    long channels = x.side(1);
    Kernels kernels = frame.kernels();
    try (INDArray dMax = channels(dy, 0, channels);
        INDArray dMean = channels(dy, channels, 2 * channels);
        INDArray fromMax = kernels.maxPool2dBackward(dMax, frame.saved(int[].class), x.toArray());
        INDArray fromMean =
            kernels.avgPool2dBackward(PoolShapes.window(x), dMean, x.at(2), x.at(3))) {
      frame.inputGradient(0, kernels.add(fromMax, fromMean));
    }
  }

  private static INDArray channels(INDArray dy, long from, long to) {
    return dy.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
  }
}
