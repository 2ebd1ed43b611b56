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
  static final int TAPS = 9;
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
   * The kernels of some inputs, outputs side by side.
   *
   * @param first of the inputs, within the block that was loaded
   * @param room as {@link #load} left it
   * @param kernels set to {@code [9][count][block]}, zeros where there is no such channel
   */
  void turn(int outBlock, int inBlock, int first, int count, float[] room, float[] kernels) {
    int outs = Math.min(Lanes.BLOCK, outputs() - outBlock * Lanes.BLOCK);
    int ins = Math.max(0, Math.min(count, inputs() - inBlock * Lanes.BLOCK - first));
    int plane = count * Lanes.BLOCK;
    if (outs < Lanes.BLOCK || ins < count) {
      Arrays.fill(kernels, 0, TAPS * plane, 0);
    }
    int pitch = backward ? TAPS : ROW;
    for (int i = 0; i < ins; i++) {
      for (int tap = 0; tap < TAPS; tap++) {
        int from = backward ? (first + i) * ROW + TAPS - 1 - tap : (first + i) * TAPS + tap;
        int to = tap * plane + i * Lanes.BLOCK;
        for (int o = 0; o < outs; o++) {
          kernels[to + o] = room[from + o * pitch];
        }
      }
    }
  }
}
