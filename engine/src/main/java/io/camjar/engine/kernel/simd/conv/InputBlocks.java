package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.Lanes;

/**
 * Which blocks of inputs a block of outputs is computed from: all, or where a convolution has
 * groups, those that hold the groups of the outputs.
 *
 * @param count how many, the same for each block of outputs
 * @param first by block of outputs
 * @param byVector whether each vector of outputs is computed from the same vector of inputs alone:
 *     groups that fit into one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputBlocks(int count, int[] first, boolean byVector) {

  /**
   * The blocks of a convolution.
   *
   * @param inBlock channels of a block of inputs
   */
  static InputBlocks of(int inputs, int outputs, int groups, int inBlock) {
    int blocks = (inputs + inBlock - 1) / inBlock;
    int[] first = new int[Lanes.blocks(outputs)];
    if (groups == 1) {
      return new InputBlocks(blocks, first, false);
    }
    int count = 1;
    for (int b = 0; b < first.length; b++) {
      int firstGroup = b * Lanes.BLOCK / (outputs / groups);
      int lastGroup = (Math.min(outputs, (b + 1) * Lanes.BLOCK) - 1) / (outputs / groups);
      first[b] = firstGroup * (inputs / groups) / inBlock;
      int last = ((lastGroup + 1) * (inputs / groups) - 1) / inBlock;
      count = Math.max(count, last - first[b] + 1);
    }
    for (int b = 0; b < first.length; b++) {
      first[b] = Math.min(first[b], blocks - count);
    }
    boolean alike = inputs == outputs && inBlock == Lanes.BLOCK;
    return new InputBlocks(count, first, alike && Lanes.COUNT % (outputs / groups) == 0);
  }
}
