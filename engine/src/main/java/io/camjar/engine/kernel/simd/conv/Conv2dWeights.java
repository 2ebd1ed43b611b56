package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;

/**
 * A convolution's weights as one direction sees them: {@code [O, I, kH, kW]} in memory, read as
 * outputs by inputs forward and as inputs by outputs backward.
 */
final class Conv2dWeights {
  /** Channels of a block of vectors of 512 bits. */
  private static final int WIDEST_BLOCK = 32;

  final int outputs;
  final int inputs;
  private final float[] values;
  private final int outputPitch;
  private final int inputPitch;
  private final int kernelW;
  private final int groups;
  private final boolean backward;

  private Conv2dWeights(Conv2dGeometry g, int groups, float[] values, boolean backward) {
    int taps = g.kernelH() * g.kernelW();
    int perOutput = g.inChannels() / groups * taps;
    this.values = values;
    this.kernelW = g.kernelW();
    this.groups = groups;
    this.backward = backward;
    this.outputs = backward ? g.inChannels() : g.outChannels();
    this.inputs = backward ? g.outChannels() : g.inChannels();
    this.outputPitch = backward ? taps : perOutput;
    this.inputPitch = backward ? perOutput : taps;
  }

  /** Those of a forward, {@code [O, I / groups, kH, kW]}. */
  static Conv2dWeights forward(Conv2dGeometry geometry, int groups, float[] oihw) {
    return new Conv2dWeights(geometry, groups, oihw, false);
  }

  /** Those of the backward to the input. */
  static Conv2dWeights backward(Conv2dGeometry geometry, int groups, float[] oihw) {
    return new Conv2dWeights(geometry, groups, oihw, true);
  }

  /** Which blocks of inputs each block of outputs reads. */
  InputBlocks inputBlocks(int inBlock) {
    return InputBlocks.of(inputs, outputs, groups, inBlock);
  }

  /**
   * The weights of a block of outputs for one input, {@code [taps][block]}, zeros where the block
   * is not full.
   *
   * @param taps places in a kernel, row by row
   * @param pitch floats between the values of two taps
   */
  void copy(int outBlock, int input, int[] taps, float[] to, int at, int pitch) {
    if (groups > 1) {
      copyOfGroup(outBlock, input, taps, to, at, pitch);
      return;
    }
    int block = Lanes.BLOCK;
    int outs = Math.min(block, outputs - outBlock * block);
    int from = outBlock * block * outputPitch + input * inputPitch;
    for (int t = 0; t < taps.length; t++) {
      int source = from + taps[t];
      int target = at + t * pitch;
      for (int o = 0; o < outs; o++) {
        to[target + o] = values[source + o * outputPitch];
      }
      Arrays.fill(to, target + outs, target + block, 0);
    }
  }

  /** As the other, with zeros for outputs of other groups than the input's. */
  private void copyOfGroup(int outBlock, int input, int[] taps, float[] to, int at, int pitch) {
    int perGroup = (backward ? outputs : inputs) / groups;
    for (int lane = 0; lane < Lanes.BLOCK; lane++) {
      int output = outBlock * Lanes.BLOCK + lane;
      boolean one = output < outputs && output / (outputs / groups) == input / (inputs / groups);
      int from =
          backward
              ? output % perGroup * outputPitch + input * inputPitch
              : output * outputPitch + input % perGroup * inputPitch;
      for (int t = 0; t < taps.length; t++) {
        to[at + t * pitch + lane] = one ? values[from + taps[t]] : 0;
      }
    }
  }

  /**
   * Blocks of inputs that are summed tap by tap together: as many channels as the widest vectors
   * have in one block, so that sums have the same order, and results the same bits, at any width.
   */
  static int together(int inBlock) {
    return inBlock == Lanes.BLOCK ? Math.max(1, WIDEST_BLOCK / inBlock) : 1;
  }

  /**
   * The weights of a sweep, {@code [outputs / block][inputs / inBlock / together][rows][columns][
   * together][inBlock][block]}, zeros where a block is not full; of the inputs those that a block
   * of outputs reads.
   */
  float[] pack(ConvSweep pass, int inBlock, PackMemory memory, Threads threads) {
    InputBlocks read = inputBlocks(inBlock);
    int inBlocks = read.count();
    int block = Lanes.BLOCK;
    int square = inBlock * block;
    int[] taps = taps(pass);
    int each = taps.length * square;
    int pairs = Lanes.blocks(outputs) * inBlocks;
    int together = together(inBlock);
    float[] packed = memory.take(Math.multiplyExact(pairs, each));
    threads.run(
        pairs,
        (pair, worker) -> {
          int inside = pair % inBlocks % together;
          int group = pair - inside;
          int pitch = Math.min(together, inBlocks - group % inBlocks) * square;
          int first = (read.first()[pair / inBlocks] + pair % inBlocks) * inBlock;
          int ins = Math.min(inBlock, inputs - first);
          int at = group * each + inside * square;
          for (int i = 0; i < ins; i++) {
            copy(pair / inBlocks, first + i, taps, packed, at + i * block, pitch);
          }
          for (int t = 0; t < taps.length; t++) {
            int tap = at + t * pitch;
            Arrays.fill(packed, tap + ins * block, tap + square, 0);
          }
        });
    return packed;
  }

  private int[] taps(ConvSweep pass) {
    int[] taps = new int[pass.taps()];
    int t = 0;
    for (ConvSweep.Tap row : pass.rows().taps()) {
      for (ConvSweep.Tap column : pass.columns().taps()) {
        taps[t++] = row.kernel() * kernelW + column.kernel();
      }
    }
    return taps;
  }
}
