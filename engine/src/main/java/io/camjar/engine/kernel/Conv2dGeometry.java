package io.camjar.engine.kernel;

import io.camjar.engine.CamjarException;

/**
 * The shape of a two-dimensional convolution, without the size of the image it runs on.
 *
 * <p>Activations are {@code [N, C, H, W]}, weights {@code [O, I, kH, kW]}.
 *
 * @param inChannels I
 * @param outChannels O
 * @param kernelH rows of the kernel
 * @param kernelW columns of the kernel
 * @param strideH rows between two outputs
 * @param strideW columns between two outputs
 * @param padH zero rows added above and below
 * @param padW zero columns added left and right
 * @param dilationH rows between two taps
 * @param dilationW columns between two taps
 */
public record Conv2dGeometry(
    int inChannels,
    int outChannels,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    int dilationH,
    int dilationW) {

  public Conv2dGeometry {
    if (inChannels < 1
        || outChannels < 1
        || kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || dilationH < 1
        || dilationW < 1
        || padH < 0
        || padW < 0) {
      throw new CamjarException(
          ("a convolution needs positive channels, kernel, stride and dilation and no negative"
                  + " padding, found %d to %d channels, kernel %dx%d, stride %dx%d, padding %dx%d,"
                  + " dilation %dx%d")
              .formatted(
                  inChannels,
                  outChannels,
                  kernelH,
                  kernelW,
                  strideH,
                  strideW,
                  padH,
                  padW,
                  dilationH,
                  dilationW));
    }
  }

  /** A square convolution without dilation, as the ResNets use it. */
  public static Conv2dGeometry square(
      int inChannels, int outChannels, int kernel, int stride, int padding) {
    return new Conv2dGeometry(
        inChannels, outChannels, kernel, kernel, stride, stride, padding, padding, 1, 1);
  }

  /** Rows of the output for an image of {@code height} rows; below 1 if the kernel does not fit. */
  public int outH(int height) {
    return Math.floorDiv(height + 2 * padH - dilationH * (kernelH - 1) - 1, strideH) + 1;
  }

  /** Columns of the output for an image of {@code width} columns. */
  public int outW(int width) {
    return Math.floorDiv(width + 2 * padW - dilationW * (kernelW - 1) - 1, strideW) + 1;
  }

  /** Weights, {@code O * I * kH * kW}. */
  public long weights() {
    return (long) outChannels * inChannels * kernelH * kernelW;
  }

  /** Whether this is a plain product of matrices: 1x1, stride 1, no padding. */
  public boolean isPointwise() {
    return kernelH == 1 && kernelW == 1 && strideH == 1 && strideW == 1 && padH == 0 && padW == 0;
  }
}
