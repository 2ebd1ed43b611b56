package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalises groups of channels over all their places, {@code [N, C, ...]} (Wu and He, arXiv
 * 1803.08494). With as many groups as channels it is instance normalisation (Ulyanov et al., arXiv
 * 1607.08022) without running statistics.
 *
 * @param groups parts that the channels fall into
 * @param features C
 * @param eps added to the variance
 * @param affine whether each channel has a weight and a bias
 */
public record GroupNorm(int groups, int features, double eps, boolean affine) implements Op {

  /**
   * A norm.
   *
   * @throws CamjarException if the groups do not divide the channels
   */
  public GroupNorm {
    if (groups < 1 || features % groups != 0) {
      throw new CamjarException(
          "a group norm's groups must divide its channels, found %d groups of %d channels"
              .formatted(groups, features));
    }
  }

  /** PyTorch's {@code InstanceNorm2d} without running statistics. */
  public static GroupNorm instance(int features, double eps, boolean affine) {
    return new GroupNorm(features, features, eps, affine);
  }

  @Override
  public String kind() {
    return groups == features ? "InstanceNorm2d" : "GroupNorm";
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    if (x.rank() < 2 || x.side(1) != features) {
      throw mismatch(path, "[N, %d, ...]".formatted(features), x);
    }
    return x;
  }

  @Override
  public List<Param> parameters() {
    return affine
        ? List.of(Param.learned("weight", features), Param.learned("bias", features))
        : List.of();
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
    int each = features / groups * channels.inner();
    return new GroupedNorm(
        new Axis(channels.outer() * groups, each, 1),
        features,
        at -> at / channels.inner() % features,
        eps,
        affine);
  }
}
