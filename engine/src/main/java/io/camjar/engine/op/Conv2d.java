package io.camjar.engine.op;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional convolution, {@code [N, I, H, W]} to {@code [N, O, oH, oW]}: stride, dilation,
 * zero padding on each of the four sides, groups.
 *
 * @param geometry channels of all groups together, kernel, stride, dilation, and the padding above
 *     ({@code padH}) and left ({@code padW})
 * @param padBottom zero rows added below
 * @param padRight zero columns added right
 * @param groups how many parts the channels fall into; each output reads the inputs of its part
 * @param bias whether a bias is added
 */
public record Conv2d(Conv2dGeometry geometry, int padBottom, int padRight, int groups, boolean bias)
    implements Op {

  /**
   * A convolution.
   *
   * @throws CamjarException if the groups do not divide the channels, or more padding below or
   *     right is negative
   */
  public Conv2d {
    if (groups < 1 || geometry.inChannels() % groups != 0 || geometry.outChannels() % groups != 0) {
      throw new CamjarException(
          "a convolution's groups must divide its channels, found %d groups, %d to %d channels"
              .formatted(groups, geometry.inChannels(), geometry.outChannels()));
    }
    if (padBottom < 0 || padRight < 0) {
      throw new CamjarException(
          "a convolution needs no negative padding, found %d below and %d right"
              .formatted(padBottom, padRight));
    }
  }

  /** A convolution of one group, padded alike on opposite sides. */
  public Conv2d(Conv2dGeometry geometry, boolean bias) {
    this(geometry, geometry.padH(), geometry.padW(), 1, bias);
  }

  /** The same convolution in groups. */
  public Conv2d withGroups(int count) {
    return new Conv2d(geometry, padBottom, padRight, count, bias);
  }

  /** The same convolution with another padding below and right. */
  public Conv2d withPaddingAfter(int bottom, int right) {
    return new Conv2d(geometry, bottom, right, groups, bias);
  }

  /** Whether it has one group and is padded alike on opposite sides. */
  @Override
  public boolean isPlain() {
    return groups == 1 && padBottom == geometry.padH() && padRight == geometry.padW();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public Shape output(String path, List<Shape> inputs) {
    Shape x = Op.same(inputs);
    Conv2dGeometry unpadded = Groups.unpadded(geometry);
    if (x.rank() == 4 && x.side(1) == geometry.inChannels()) {
      int outH = unpadded.outH(x.at(2) + geometry.padH() + padBottom);
      int outW = unpadded.outW(x.at(3) + geometry.padW() + padRight);
      if (outH > 0 && outW > 0) {
        return Shape.of(x.side(0), geometry.outChannels(), outH, outW);
      }
    }
    throw mismatch(
        path,
        "[N, %d, H, W] not smaller than its %dx%d kernel"
            .formatted(geometry.inChannels(), geometry.kernelH(), geometry.kernelW()),
        x);
  }

  @Override
  public List<Param> parameters() {
    List<Param> parameters = new ArrayList<>();
    parameters.add(
        Param.learned(
            "weight",
            geometry.outChannels(),
            geometry.inChannels() / groups,
            geometry.kernelH(),
            geometry.kernelW()));
    if (bias) {
      parameters.add(Param.learned("bias", geometry.outChannels()));
    }
    return parameters;
  }

  @Override
  public long multiplyAccumulates(Shape input, Shape output) {
    return output.side(0) * output.side(2) * output.side(3) * geometry.weights() / groups;
  }

  @Override
  public Set<Reads> backwardReads(boolean training, boolean parameters) {
    return parameters ? Set.of(Reads.INPUTS) : Set.of();
  }

  @Override
  public INDArray forward(Frame frame) {
    INDArray weight = frame.parameter("weight");
    @Nullable INDArray added = frame.parameter("bias", bias);
    return isPlain()
        ? frame.kernels().conv2d(geometry, frame.input(), weight, added)
        : new Groups(this, frame.kernels()).forward(frame.input(), weight, added);
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    Kernels kernels = frame.kernels();
    if (frame.wantsParameters()) {
      INDArray x = frame.input();
      frame.parameterGradient(
          "weight",
          isPlain()
              ? kernels.conv2dBackwardWeight(geometry, dy, x)
              : new Groups(this, kernels).backwardWeight(dy, x));
      if (bias) {
        frame.parameterGradient("bias", ChannelSums.of(dy, kernels));
      }
    }
    if (frame.wantsInput(0)) {
      INDArray weight = frame.parameter("weight");
      int height = frame.inputShape(0).at(2);
      int width = frame.inputShape(0).at(3);
      frame.inputGradient(
          0,
          isPlain()
              ? kernels.conv2dBackwardInput(geometry, dy, weight, height, width)
              : new Groups(this, kernels).backwardInput(dy, weight, height, width));
    }
  }
}
