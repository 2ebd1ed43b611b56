package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Places laid out as channels: {@code [N, C, H r, W r]} to {@code [N, C r r, H, W]}, what {@link
 * PixelShuffle} undoes. PyTorch's {@code PixelUnshuffle}, ONNX's {@code SpaceToDepth}.
 *
 * @param factor r, how many rows and columns become one
 * @param order which of the channels comes from where
 */
public record PixelUnshuffle(int factor, PixelOrder order) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != 4 || x.side(2) % factor != 0 || x.side(3) % factor != 0) {
      throw mismatch(path, "[N, C, %1$d H, %1$d W]".formatted(factor), x);
    }
    long channels = x.side(1) * factor * factor;
    return Shape.of(x.side(0), channels, x.side(2) / factor, x.side(3) / factor);
  }

  @Override
  public INDArray forward(Frame frame) {
    return order.unshuffled(frame.input(), output("", List.of(frame.inputShape(0))), factor);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, order.shuffled(dy, frame.inputShape(0), factor));
  }
}
