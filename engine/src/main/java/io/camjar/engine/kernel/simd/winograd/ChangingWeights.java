package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weights of 3x3 kernels that change from step to step, transformed in single precision: {@code G g
 * G'} is at most a few roundings off, where a step of training moves each weight by far more. They
 * are read from where an optimiser writes them, a square of a block of outputs by a block of inputs
 * at a time, so that nothing passes through memory but weights and transforms.
 */
final class ChangingWeights {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int TAPS = 9;
  private static final int ROW = TAPS * Lanes.BLOCK;

  /** Floats that {@link #load} needs: a square, and the kernels of one input. */
  static final int ROOM = (Lanes.BLOCK + 1) * ROW;

  private static final int KERNEL = Lanes.BLOCK * ROW;

  private final FloatBuffer oihw;
  private final boolean backward;
  private final int outChannels;
  private final int inChannels;
  private final int points;
  private final float[] g;

  /**
   * These weights.
   *
   * @param oihw {@code [O, I, 3, 3]}, borrowed
   * @param backward whether inputs and outputs change places and each kernel is turned by half a
   *     circle
   */
  ChangingWeights(Conv2dGeometry g, FloatBuffer oihw, boolean backward, WinogradTransform by) {
    this.oihw = oihw;
    this.backward = backward;
    this.outChannels = g.outChannels();
    this.inChannels = g.inChannels();
    this.points = by.points();
    this.g = new float[3 * points];
    for (int p = 0; p < points; p++) {
      for (int i = 0; i < 3; i++) {
        this.g[3 * p + i] = (float) by.kernel()[p][i];
      }
    }
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
    Arrays.fill(room, KERNEL, ROOM, 0);
  }

  /**
   * Turns the kernels of one input to {@code [9][block]}, zeros where there is no such channel.
   *
   * @param input within the block that was loaded
   */
  private void turn(int outBlock, int inBlock, int input, float[] room) {
    int outs = Math.min(Lanes.BLOCK, outputs() - outBlock * Lanes.BLOCK);
    if (inBlock * Lanes.BLOCK + input >= inputs()) {
      Arrays.fill(room, KERNEL, ROOM, 0);
    } else if (backward) {
      int from = input * ROW;
      for (int tap = 0; tap < TAPS; tap++) {
        int to = KERNEL + tap * Lanes.BLOCK;
        for (int o = 0; o < outs; o++) {
          room[to + o] = room[from + o * TAPS + TAPS - 1 - tap];
        }
      }
    } else {
      for (int tap = 0; tap < TAPS; tap++) {
        int from = input * TAPS + tap;
        int to = KERNEL + tap * Lanes.BLOCK;
        for (int o = 0; o < outs; o++) {
          room[to + o] = room[from + o * ROW];
        }
      }
    }
  }

  /**
   * All points of the kernels of one input.
   *
   * @param to set to the point {@code [p][q]} at {@code at + (p * points + q) * pitch}
   */
  void points(int outBlock, int inBlock, int input, float[] room, float[] to, int at, int pitch) {
    turn(outBlock, inBlock, input, room);
    points(room, 0, g, points, to, at, pitch);
    points(room, Lanes.COUNT, g, points, to, at + Lanes.COUNT, pitch);
  }

  private static void points(
      float[] room, int lane, float[] g, int points, float[] to, int at, int pitch) {
    int from = KERNEL + lane;
    FloatVector k0 = FloatVector.fromArray(S, room, from);
    FloatVector k1 = FloatVector.fromArray(S, room, from + Lanes.BLOCK);
    FloatVector k2 = FloatVector.fromArray(S, room, from + 2 * Lanes.BLOCK);
    FloatVector k3 = FloatVector.fromArray(S, room, from + 3 * Lanes.BLOCK);
    FloatVector k4 = FloatVector.fromArray(S, room, from + 4 * Lanes.BLOCK);
    FloatVector k5 = FloatVector.fromArray(S, room, from + 5 * Lanes.BLOCK);
    FloatVector k6 = FloatVector.fromArray(S, room, from + 6 * Lanes.BLOCK);
    FloatVector k7 = FloatVector.fromArray(S, room, from + 7 * Lanes.BLOCK);
    FloatVector k8 = FloatVector.fromArray(S, room, from + 8 * Lanes.BLOCK);
    int target = at;
    for (int p = 0; p < points; p++) {
      FloatVector g0 = FloatVector.broadcast(S, g[3 * p]);
      FloatVector g1 = FloatVector.broadcast(S, g[3 * p + 1]);
      FloatVector g2 = FloatVector.broadcast(S, g[3 * p + 2]);
      FloatVector h0 = k6.fma(g2, k3.fma(g1, k0.mul(g0)));
      FloatVector h1 = k7.fma(g2, k4.fma(g1, k1.mul(g0)));
      FloatVector h2 = k8.fma(g2, k5.fma(g1, k2.mul(g0)));
      for (int q = 0; q < points; q++) {
        h2.fma(
                FloatVector.broadcast(S, g[3 * q + 2]),
                h1.fma(
                    FloatVector.broadcast(S, g[3 * q + 1]),
                    h0.mul(FloatVector.broadcast(S, g[3 * q]))))
            .intoArray(to, target);
        target += pitch;
      }
    }
  }

  /**
   * The kernels of one input, transformed in one dimension.
   *
   * @param factors of the three columns
   * @param to set to row {@code p} at {@code at + p * pitch}, {@code [3][block]}
   */
  void rows(
      int outBlock,
      int inBlock,
      int input,
      float[] room,
      double[] factors,
      float[] to,
      int at,
      int pitch) {
    turn(outBlock, inBlock, input, room);
    for (int p = 0; p < points; p++) {
      for (int column = 0; column < 3; column++) {
        int from = KERNEL + column * Lanes.BLOCK;
        int target = at + p * pitch + column * Lanes.BLOCK;
        float factor = (float) factors[column];
        for (int o = 0; o < Lanes.BLOCK; o++) {
          to[target + o] =
              factor
                  * (g[3 * p] * room[from + o]
                      + g[3 * p + 1] * room[from + 3 * Lanes.BLOCK + o]
                      + g[3 * p + 2] * room[from + 6 * Lanes.BLOCK + o]);
        }
      }
    }
  }
}
