package io.camjar.engine.kernel;

import io.camjar.engine.CamjarException;

/**
 * The window of a two-dimensional pool.
 *
 * @param kernelH rows of the window
 * @param kernelW columns of the window
 * @param strideH rows between two windows
 * @param strideW columns between two windows
 * @param padH rows of padding above and below; never counted, never the maximum
 * @param padW columns of padding left and right
 * @param ceilMode whether a last window that overhangs the image is kept
 */
public record Pool2dGeometry(
    int kernelH, int kernelW, int strideH, int strideW, int padH, int padW, boolean ceilMode) {

  public Pool2dGeometry {
    if (kernelH < 1 || kernelW < 1 || strideH < 1 || strideW < 1) {
      throw new CamjarException(
          "a pool needs a positive kernel and stride, found kernel %dx%d, stride %dx%d"
              .formatted(kernelH, kernelW, strideH, strideW));
    }
    if (padH < 0 || padW < 0 || 2 * padH > kernelH || 2 * padW > kernelW) {
      throw new CamjarException(
          "a pool's padding must be between 0 and half its kernel, found padding %dx%d for %dx%d"
              .formatted(padH, padW, kernelH, kernelW));
    }
  }

  /** A square pool that drops overhanging windows. */
  public static Pool2dGeometry square(int kernel, int stride, int padding) {
    return new Pool2dGeometry(kernel, kernel, stride, stride, padding, padding, false);
  }

  /** One window over the whole image. */
  public static Pool2dGeometry global(int height, int width) {
    return new Pool2dGeometry(height, width, height, width, 0, 0, false);
  }

  /** Rows of the output. */
  public int outH(int height) {
    return out(height, kernelH, strideH, padH);
  }

  /** Columns of the output. */
  public int outW(int width) {
    return out(width, kernelW, strideW, padW);
  }

  private int out(int size, int kernel, int stride, int pad) {
    int span = size + 2 * pad - kernel;
    int out = (ceilMode ? -Math.floorDiv(-span, stride) : Math.floorDiv(span, stride)) + 1;
    // PyTorch's rule: a window must start inside the image or its left padding.
    return ceilMode && (out - 1) * stride >= size + pad ? out - 1 : out;
  }
}
