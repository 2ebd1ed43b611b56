package io.camjar.engine.nn;

import io.camjar.engine.kernel.Conv2dGeometry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The block of ResNet-50 and deeper: {@code conv1 bn1 relu1 conv2 bn2 relu2 conv3 bn3}, {@code
 * add}, {@code relu3}; 1x1, 3x3, 1x1, the stride on the 3x3 (torchvision's "v1.5").
 */
public final class Bottleneck extends Residual {

  /** How many times its planes the block puts out. */
  public static final int EXPANSION = 4;

  /**
   * A block from {@code in} to {@code EXPANSION * planes} channels.
   *
   * @param downsample what the shortcut does, null for the identity
   */
  public Bottleneck(
      String path,
      int in,
      int planes,
      int stride,
      @Nullable Layer downsample,
      Parameters parameters) {
    this(path, in, planes, EXPANSION * planes, stride, downsample, parameters);
  }

  /**
   * A block from {@code in} to {@code out} channels whose 3x3 convolution has {@code inner}: more
   * than its planes in a wide ResNet.
   *
   * @param downsample what the shortcut does, null for the identity
   */
  public Bottleneck(
      String path,
      int in,
      int inner,
      int out,
      int stride,
      @Nullable Layer downsample,
      Parameters parameters) {
    super(
        path,
        branch(path, in, inner, out, stride, parameters),
        downsample,
        new ReLU(path + ".relu3"));
  }

  private static List<Layer> branch(
      String path, int in, int inner, int out, int stride, Parameters parameters) {
    return List.of(
        new Conv2d(path + ".conv1", Conv2dGeometry.square(in, inner, 1, 1, 0), false, parameters),
        new BatchNorm2d(path + ".bn1", inner, parameters),
        new ReLU(path + ".relu1"),
        new Conv2d(
            path + ".conv2", Conv2dGeometry.square(inner, inner, 3, stride, 1), false, parameters),
        new BatchNorm2d(path + ".bn2", inner, parameters),
        new ReLU(path + ".relu2"),
        new Conv2d(path + ".conv3", Conv2dGeometry.square(inner, out, 1, 1, 0), false, parameters),
        new BatchNorm2d(path + ".bn3", out, parameters));
  }
}
