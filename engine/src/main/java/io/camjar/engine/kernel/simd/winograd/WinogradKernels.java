package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The 3x3 kernels of a convolution before they are transformed, read from where they lie: a square
 * of a block of outputs by a block of inputs at a time, so that nothing passes through memory but
 * weights and transforms.
 */
final class WinogradKernels {
  private static final int TAPS = 9;
  private static final int ROW = TAPS * Lanes.BLOCK;

  /** Floats of the memory that {@link #load} fills. */
  static final int ROOM = Lanes.BLOCK * ROW;

  private final FloatBuffer oihw;
  private final boolean backward;
  private final int outChannels;
  private final int inChannels;

  /**
   * These kernels.
   *
   * @param oihw {@code [O, I, 3, 3]}, borrowed
   * @param backward whether inputs and outputs change places and each kernel is turned by half a
   *     circle
   */
  WinogradKernels(Conv2dGeometry g, FloatBuffer oihw, boolean backward) {
    this.oihw = oihw;
    this.backward = backward;
    this.outChannels = g.outChannels();
    this.inChannels = g.inChannels();
  }

  int outputs() {
    return backward ? inChannels : outChannels;
  }

  int inputs() {
    return backward ? outChannels : inChannels;
  }

  /** Reads the kernels between a block of outputs and a block of inputs. */
  void load(int outBlock, int inBlock, float[] room) {
    int o = (backward ? inBlock : outBlock) * Lanes.BLOCK;
    int i = (backward ? outBlock : inBlock) * Lanes.BLOCK;
    int rows = Math.min(Lanes.BLOCK, outChannels - o);
    int floats = Math.min(Lanes.BLOCK, inChannels - i) * TAPS;
    for (int row = 0; row < rows; row++) {
      oihw.get(((o + row) * inChannels + i) * TAPS, room, row * ROW, floats);
    }
  }

  /**
   * The kernels of one input.
   *
   * @param input within the block that was loaded
   * @param room as {@link #load} left it
   * @param kernel set to {@code [9][block]}, zeros where there is no such channel
   */
  void copy(int outBlock, int inBlock, int input, float[] room, double[] kernel) {
    int outs = Math.min(Lanes.BLOCK, outputs() - outBlock * Lanes.BLOCK);
    boolean there = inBlock * Lanes.BLOCK + input < inputs();
    if (!there || outs < Lanes.BLOCK) {
      Arrays.fill(kernel, 0, ROW, 0);
    }
    if (!there) {
      return;
    }
    for (int tap = 0; tap < TAPS; tap++) {
      int from = backward ? input * ROW + TAPS - 1 - tap : input * TAPS + tap;
      int pitch = backward ? TAPS : ROW;
      int to = tap * Lanes.BLOCK;
      for (int o = 0; o < outs; o++) {
        kernel[to + o] = room[from + o * pitch];
      }
    }
  }
}
