package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Channels laid out as places: {@code [N, C r r, H, W]} to {@code [N, C, H r, W r]} (Shi et al.,
 * arXiv 1609.05158). PyTorch's {@code PixelShuffle}, ONNX's {@code DepthToSpace}.
 *
 * @param factor r, how many rows and columns a place becomes
 * @param order which of the channels goes where
 */
public record PixelShuffle(int factor, PixelOrder order) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    long places = (long) factor * factor;
    if (x.rank() != 4 || x.side(1) % places != 0) {
      throw mismatch(path, "[N, %d C, H, W]".formatted(places), x);
    }
    return Shape.of(x.side(0), x.side(1) / places, x.side(2) * factor, x.side(3) * factor);
  }

  @Override
  public INDArray forward(Frame frame) {
    return order.shuffled(frame.input(), output("", List.of(frame.inputShape(0))), factor);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.inputGradient(0, order.unshuffled(dy, frame.inputShape(0), factor));
  }
}
