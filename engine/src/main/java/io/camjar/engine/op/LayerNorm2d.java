package io.camjar.engine.op;

import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation over the channels of each pixel, {@code [N, C, H, W]}, as ConvNeXt has it
 * (Liu et al., arXiv 2201.03545).
 *
 * @param features C
 * @param eps added to the variance
 */
public record LayerNorm2d(int features, double eps) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() != 4 || x.side(1) != features) {
      throw mismatch(path, "[N, %d, H, W]".formatted(features), x);
    }
    return x;
  }

  @Override
  public List<Param> parameters() {
    return List.of(Param.learned("weight", features), Param.learned("bias", features));
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of(Reads.INPUTS);
  }

  @Override
  public INDArray forward(Frame frame) {
    return norm(frame).forward(frame);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    norm(frame).backward(frame, dy);
  }

  private GroupedNorm norm(Frame frame) {
    Axis channels = Axis.of(frame.inputShape(0), 1);
    return new GroupedNorm(channels, features, at -> at / channels.inner() % features, eps, true);
  }
}
