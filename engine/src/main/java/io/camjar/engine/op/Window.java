package io.camjar.engine.op;

import io.camjar.engine.kernel.Pool2dGeometry;

/**
 * One side of a pool's windows, with what {@link Pool2dGeometry} has no place for.
 *
 * @param kernel places of a window
 * @param stride from one window to the next
 * @param dilation from one place of a window to the next
 * @param before padding before the image
 * @param after padding behind it
 * @param ceil whether a last window that overhangs is kept
 */
record Window(int kernel, int stride, int dilation, int before, int after, boolean ceil) {

  /** The rows of a pool's windows. */
  static Window rows(Pool2dGeometry g, int dilation, int after) {
    return new Window(g.kernelH(), g.strideH(), dilation, g.padH(), after, g.ceilMode());
  }

  /** The columns of a pool's windows. */
  static Window columns(Pool2dGeometry g, int dilation, int after) {
    return new Window(g.kernelW(), g.strideW(), dilation, g.padW(), after, g.ceilMode());
  }

  /** How many windows there are; below 1 where none fits. */
  int count(int length) {
    int span = length + before + after - dilation * (kernel - 1) - 1;
    int count = (ceil ? -Math.floorDiv(-span, stride) : Math.floorDiv(span, stride)) + 1;
    // PyTorch's rule: a window must start inside the image or the padding before it.
    return ceil && (count - 1) * stride >= length + before ? count - 1 : count;
  }

  /** The first place of a window, which may lie before the image. */
  int start(int window) {
    return window * stride - before;
  }

  /** The place behind the last of a window, without what overhangs padding. */
  int end(int window, int length) {
    return Math.min(start(window) + dilation * (kernel - 1) + 1, length + after);
  }
}
