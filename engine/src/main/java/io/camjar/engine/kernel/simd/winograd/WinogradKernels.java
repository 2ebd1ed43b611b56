package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The 3x3 kernels of a convolution before they are transformed, read from where they lie: a square
 * of a block of outputs by a block of inputs at a time, so that nothing passes through memory but
 * weights and transforms.
 */
final class WinogradKernels {
  static final int TAPS = 9;
  private static final int ROW = TAPS * Lanes.BLOCK;

  /** Floats of the memory that {@link #load} fills, and of what a vector reads behind them. */
  static final int ROOM = Lanes.BLOCK * ROW + Squares.SIDE;

  /** Inputs that are transformed together. */
  static final int INPUTS = 4;

  /** Taps, and what fills their number to a multiple of four. */
  private static final int PADDED = 12;

  /** Where what nobody reads goes, and squares on their way behind it. */
  private static final int NOWHERE = Lanes.BLOCK * ROW;

  private static final int SPARE = NOWHERE + Lanes.BLOCK;

  /** Floats of the memory that {@link #turn} fills. */
  static final int TURNED = SPARE + Squares.SIZE;

  /** Where rows of a square begin: outputs, or places of a row of kernels. */
  private static final int[] ROWS = table(Squares.SIDE, row -> row * ROW);

  private static final int[] PLACES = table(Squares.SIDE, row -> row * TAPS);

  /** Where the numbers of a row go, and those of each input's kernels turned by half a circle. */
  private static final int[] COLUMNS = table(ROW, i -> turned(i / TAPS, i % TAPS));

  private static final int[] BACK =
      table(
          Lanes.BLOCK * PADDED,
          i -> i % PADDED < TAPS ? turned(i / PADDED, TAPS - 1 - i % PADDED) : NOWHERE);

  private final FloatBuffer oihw;
  private final boolean backward;
  private final boolean squares;
  private final int outChannels;
  private final int inChannels;

  /**
   * These kernels.
   *
   * @param oihw {@code [O, I, 3, 3]}, borrowed
   * @param backward whether inputs and outputs change places and each kernel is turned by half a
   *     circle
   * @param squares whether they are turned by {@link Squares}
   */
  WinogradKernels(Conv2dGeometry g, FloatBuffer oihw, boolean backward, boolean squares) {
    this.oihw = oihw;
    this.backward = backward;
    this.squares = squares;
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
   * The kernels of a square, outputs side by side.
   *
   * @param room as {@link #load} left it
   * @param kernels of {@link #TURNED}; set to {@code [block / inputs][9][inputs][block]}, zeros
   *     where there is no such channel
   */
  void turn(int outBlock, int inBlock, float[] room, float[] kernels) {
    int outs = Math.min(Lanes.BLOCK, outputs() - outBlock * Lanes.BLOCK);
    int ins = Math.min(Lanes.BLOCK, inputs() - inBlock * Lanes.BLOCK);
    if (outs < Lanes.BLOCK || ins < Lanes.BLOCK) {
      Arrays.fill(kernels, 0, SPARE, 0);
    } else if (squares && backward) {
      turnBack(room, kernels);
      return;
    } else if (squares) {
      turn(room, kernels);
      return;
    }
    int pitch = backward ? TAPS : ROW;
    for (int i = 0; i < ins; i++) {
      for (int tap = 0; tap < TAPS; tap++) {
        int from = backward ? i * ROW + TAPS - 1 - tap : i * TAPS + tap;
        int to = turned(i, tap);
        for (int o = 0; o < outs; o++) {
          kernels[to + o] = room[from + o * pitch];
        }
      }
    }
  }

  /** Where {@link #turn} puts a tap of an input. */
  private static int turned(int input, int tap) {
    int group = input / INPUTS;
    return ((group * TAPS + tap) * INPUTS + input % INPUTS) * Lanes.BLOCK;
  }

  private static void turn(float[] room, float[] kernels) {
    for (int out = 0; out < Lanes.BLOCK; out += Squares.SIDE) {
      for (int column = 0; column < ROW; column += Squares.SIDE) {
        int at = out * ROW + column;
        Squares.transpose(
            room, at, ROWS, 0, kernels, SPARE, kernels, out, COLUMNS, column, Squares.SIDE);
      }
    }
  }

  private static void turnBack(float[] room, float[] kernels) {
    for (int input = 0; input < Lanes.BLOCK; input++) {
      for (int out = 0; out < Lanes.BLOCK; out += Squares.SIDE) {
        int at = input * ROW + out * TAPS;
        Squares.transpose(
            room, at, PLACES, 0, kernels, SPARE, kernels, out, BACK, input * PADDED, PADDED);
      }
    }
  }

  private static int[] table(int size, IntUnaryOperator of) {
    return IntStream.range(0, size).map(of).toArray();
  }
}
