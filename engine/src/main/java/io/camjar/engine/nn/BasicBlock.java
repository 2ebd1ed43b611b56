package io.camjar.engine.nn;

import io.camjar.engine.kernel.Conv2dGeometry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The block of ResNet-18 and ResNet-34: {@code conv1 bn1 relu1 conv2 bn2}, {@code add}, {@code
 * relu2}; both convolutions 3x3, the first strided.
 */
public final class BasicBlock extends Residual {

  /**
   * A block from {@code in} to {@code planes} channels.
   *
   * @param downsample what the shortcut does, null for the identity
   */
  public BasicBlock(
      String path,
      int in,
      int planes,
      int stride,
      @Nullable Layer downsample,
      Parameters parameters) {
    super(
        path, branch(path, in, planes, stride, parameters), downsample, new ReLU(path + ".relu2"));
  }

  private static List<Layer> branch(
      String path, int in, int planes, int stride, Parameters parameters) {
    return List.of(
        new Conv2d(
            path + ".conv1", Conv2dGeometry.square(in, planes, 3, stride, 1), false, parameters),
        new BatchNorm2d(path + ".bn1", planes, parameters),
        new ReLU(path + ".relu1"),
        new Conv2d(
            path + ".conv2", Conv2dGeometry.square(planes, planes, 3, 1, 1), false, parameters),
        new BatchNorm2d(path + ".bn2", planes, parameters));
  }
}
