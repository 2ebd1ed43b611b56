package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.threads.Threads;

/**
 * The heads of attention: neighbouring channels of tokens as matrices of their own, an image a
 * head, and back. Heads of whole blocks are copied as they lie.
 */
public final class Heads {
  private Heads() {}

  /**
   * Copies channels of tokens to heads.
   *
   * @param first the first channel of the first head
   * @param y {@code [N heads, T, D]}
   */
  public static void split(BlockedTensor tokens, int first, BlockedTensor y, Threads threads) {
    int heads = y.batch() / tokens.batch();
    threads.run(
        y.batch() * y.blocks,
        (task, worker) -> {
          int head = task / y.blocks;
          int block = task % y.blocks;
          int channel = first + head % heads * y.channels() + block * Lanes.BLOCK;
          int count = Math.min(Lanes.BLOCK, y.channels() - block * Lanes.BLOCK);
          int to = y.offset(head, block, 0, 0);
          int image = head / heads;
          if (channel % Lanes.BLOCK == 0 && count == Lanes.BLOCK) {
            int from = tokens.offset(image, channel / Lanes.BLOCK, 0, 0);
            System.arraycopy(tokens.data, from, y.data, to, y.width() * Lanes.BLOCK);
          } else {
            for (int c = 0; c < count; c++) {
              copy(tokens.data, at(tokens, image, channel + c), y.data, to + c, y.width());
            }
            if (count < Lanes.BLOCK) {
              y.clearTail(head, 0);
            }
          }
        });
  }

  /**
   * Copies channels of tokens to transposed heads.
   *
   * @param first the first channel of the first head
   * @param y {@code [N heads, D, T]}
   */
  public static void splitTransposed(
      BlockedTensor tokens, int first, BlockedTensor y, Threads threads) {
    int heads = y.batch() / tokens.batch();
    threads.run(
        y.batch() * y.blocks,
        (task, worker) -> {
          int head = task / y.blocks;
          int block = task % y.blocks;
          int channel = first + head % heads * y.width();
          int to = y.offset(head, block, 0, 0);
          int image = head / heads;
          if (channel % Lanes.BLOCK == 0) {
            int from = tokens.offset(image, channel / Lanes.BLOCK, 0, 0);
            Transposition.block(tokens, from, block, y.data, to, y.width());
          } else {
            int start = block * Lanes.BLOCK;
            int count = Math.min(Lanes.BLOCK, tokens.width() - start);
            for (int c = 0; c < y.width(); c++) {
              int from = at(tokens, image, channel + c) + start * Lanes.BLOCK;
              for (int t = 0; t < count; t++) {
                y.data[to + c * Lanes.BLOCK + t] = tokens.data[from + t * Lanes.BLOCK];
              }
            }
            if (count < Lanes.BLOCK) {
              y.clearTail(head, 0);
            }
          }
        });
  }

  /**
   * Adds heads to channels of tokens.
   *
   * @param heads {@code [N heads, T, D]}
   * @param first the channel of {@code tokens} that the first head's first is added to
   */
  public static void join(BlockedTensor heads, BlockedTensor tokens, int first, Threads threads) {
    int each = heads.batch() / tokens.batch();
    // An image a task: heads may share a block of channels.
    threads.run(
        tokens.batch() * each,
        (task, worker) -> {
          int channel = first + task % each * heads.channels();
          for (int c = 0; c < heads.channels(); c += Lanes.BLOCK) {
            int count = Math.min(Lanes.BLOCK, heads.channels() - c);
            int from = heads.offset(task, c / Lanes.BLOCK, 0, 0);
            if ((channel + c) % Lanes.BLOCK == 0 && count == Lanes.BLOCK) {
              int to = at(tokens, task / each, channel + c);
              for (int i = 0; i < heads.width() * Lanes.BLOCK; i++) {
                tokens.data[to + i] += heads.data[from + i];
              }
            } else {
              for (int lane = 0; lane < count; lane++) {
                int to = at(tokens, task / each, channel + c + lane);
                for (int i = 0; i < heads.width() * Lanes.BLOCK; i += Lanes.BLOCK) {
                  tokens.data[to + i] += heads.data[from + lane + i];
                }
              }
            }
          }
        });
  }

  /**
   * Adds transposed heads to channels of tokens.
   *
   * @param heads {@code [N heads, D, T]}
   * @param first the channel of {@code tokens} that the first head's first is added to
   */
  public static void joinTransposed(
      BlockedTensor heads, BlockedTensor tokens, int first, Threads threads) {
    int each = heads.batch() / tokens.batch();
    threads.run(
        tokens.batch() * each,
        (task, worker) -> {
          int channel = first + task % each * heads.width();
          for (int c = 0; c < heads.width(); c++) {
            int to = at(tokens, task / each, channel + c);
            for (int start = 0; start < tokens.width(); start += Lanes.BLOCK) {
              int from = heads.offset(task, start / Lanes.BLOCK, 0, c);
              int count = Math.min(Lanes.BLOCK, tokens.width() - start);
              for (int t = 0; t < count; t++) {
                tokens.data[to + (start + t) * Lanes.BLOCK] += heads.data[from + t];
              }
            }
          }
        });
  }

  /** Where a channel of an image's first token lies. */
  private static int at(BlockedTensor tokens, int image, int channel) {
    return tokens.offset(image, channel / Lanes.BLOCK, 0, 0) + channel % Lanes.BLOCK;
  }

  /** Copies a channel of neighbouring tokens. */
  private static void copy(float[] x, int from, float[] y, int to, int tokens) {
    for (int i = 0; i < tokens * Lanes.BLOCK; i += Lanes.BLOCK) {
      y[to + i] = x[from + i];
    }
  }
}
