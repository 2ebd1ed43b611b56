package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Channels of a tensor as some of the channels of a larger one of the same places. Where they begin
 * with a vector they are copied by vectors, otherwise number by number.
 */
public final class ChannelConcat {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private ChannelConcat() {}

  /**
   * Copies tensors into the channels of {@code y} from {@code first}, one behind the other, {@code
   * max(x * scale + shift, 0)} as far as that is wanted. Of each row they are copied in the order
   * of their channels: what fills the last block of one is where the next begins.
   *
   * @param scale one value a channel of {@code y}, as {@link Epilogue#pad} makes it, or null
   * @param shift as {@code scale}
   * @param relu whether negative results become 0
   */
  public static void copy(
      List<BlockedTensor> parts,
      BlockedTensor y,
      int first,
      float @Nullable [] scale,
      float @Nullable [] shift,
      boolean relu,
      Threads threads) {
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    threads.run(
        y.batch * y.height,
        y.height,
        1,
        (from, end, worker) -> {
          for (int line = from; line < end; line++) {
            int at = first;
            for (BlockedTensor x : parts) {
              for (int block = 0; block < x.blocks; block++) {
                copy(x, y, at, scale, shift, floor, line / y.height, block, line % y.height);
              }
              at += x.channels;
            }
            y.clearTail(line / y.height, line % y.height);
          }
        });
  }

  /** Copies a row of a block of {@code x}, whose channels begin with {@code first} of {@code y}. */
  private static void copy(
      BlockedTensor x,
      BlockedTensor y,
      int first,
      float @Nullable [] scale,
      float @Nullable [] shift,
      float floor,
      int image,
      int block,
      int row) {
    boolean aligned = first % y.block == 0 && x.block == y.block;
    boolean halves = first % Lanes.COUNT == 0 && x.block == Lanes.BLOCK && y.block == x.block;
    int from = x.offset(image, block, row, 0);
    int channel = first + block * x.block;
    if (aligned) {
      int to = y.offset(image, channel / y.block, row, 0);
      int count = x.width * x.block;
      if (scale == null || shift == null) {
        copy(x.data, from, y.data, to, count, floor);
      } else {
        affine(x.data, from, y.data, to, count, scale, shift, channel, floor);
      }
    } else if (halves) {
      int used = Math.min(x.block, x.channels - block * x.block);
      for (int lane = 0; lane < used; lane += Lanes.COUNT) {
        int at = channel + lane;
        int to = y.offset(image, at / y.block, row, 0) + at % y.block;
        if (scale == null || shift == null) {
          copyHalf(x.data, from + lane, y.data, to, x.width, floor);
        } else {
          affineHalf(x.data, from + lane, y.data, to, x.width, scale, shift, at, floor);
        }
      }
    } else {
      int used = Math.min(x.block, x.channels - block * x.block);
      for (int c = 0; c < used; c++) {
        int at = channel + c;
        int to = y.offset(image, at / y.block, row, 0) + at % y.block;
        float factor = scale == null ? 1 : scale[at];
        float more = shift == null ? 0 : shift[at];
        for (int w = 0; w < x.width; w++) {
          float value = x.data[from + w * x.block + c];
          float sum = scale == null ? value : value * factor + more;
          y.data[to + w * y.block] = Math.max(sum, floor);
        }
      }
    }
  }

  /**
   * Copies the channels of {@code dy} from {@code first}, times {@code scale}: the backward of
   * {@link #copy} behind its ReLU.
   */
  public static void slice(
      BlockedTensor dy, int first, float @Nullable [] scale, BlockedTensor dx, Threads threads) {
    boolean aligned = first % dy.block == 0 && dx.block == dy.block;
    rows(
        dx,
        threads,
        (image, block, row) -> {
          int to = dx.offset(image, block, row, 0);
          int channel = first + block * dx.block;
          int used = Math.min(dx.block, dx.channels - block * dx.block);
          if (aligned && used == dx.block) {
            int from = dy.offset(image, channel / dy.block, row, 0);
            int count = dx.width * dx.block;
            if (scale == null) {
              System.arraycopy(dy.data, from, dx.data, to, count);
            } else {
              multiply(dy.data, from, dx.data, to, count, scale, channel);
            }
          } else {
            for (int c = 0; c < used; c++) {
              int at = channel + c;
              int from = dy.offset(image, at / dy.block, row, 0) + at % dy.block;
              float factor = scale == null ? 1 : scale[at];
              for (int w = 0; w < dx.width; w++) {
                dx.data[to + w * dx.block + c] = dy.data[from + w * dy.block] * factor + 0f;
              }
            }
            if (used < dx.block) {
              dx.clearTail(image, row);
            }
          }
        });
  }

  private static void copy(float[] x, int from, float[] y, int to, int count, float floor) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromArray(S, x, from + i);
      VectorMath.atLeast(v, FloatVector.broadcast(S, floor)).intoArray(y, to + i);
    }
  }

  /** One vector of each place. */
  private static void copyHalf(float[] x, int from, float[] y, int to, int count, float floor) {
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.BLOCK) {
      FloatVector v = FloatVector.fromArray(S, x, from + i);
      VectorMath.atLeast(v, FloatVector.broadcast(S, floor)).intoArray(y, to + i);
    }
  }

  private static void affineHalf(
      float[] x,
      int from,
      float[] y,
      int to,
      int count,
      float[] scale,
      float[] shift,
      int channel,
      float floor) {
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.BLOCK) {
      affine(x, from + i, y, to + i, scale, shift, channel, floor);
    }
  }

  private static void affine(
      float[] x,
      int from,
      float[] y,
      int to,
      int count,
      float[] scale,
      float[] shift,
      int channel,
      float floor) {
    for (int i = 0; i < count; i += Lanes.BLOCK) {
      affine(x, from + i, y, to + i, scale, shift, channel, floor);
      int next = i + Lanes.COUNT;
      affine(x, from + next, y, to + next, scale, shift, channel + Lanes.COUNT, floor);
    }
  }

  // Rounded twice, as what is not folded is.
  private static void affine(
      float[] x, int from, float[] y, int to, float[] scale, float[] shift, int c, float floor) {
    FloatVector v = FloatVector.fromArray(S, x, from).mul(FloatVector.fromArray(S, scale, c));
    v = v.add(FloatVector.fromArray(S, shift, c));
    VectorMath.atLeast(v, FloatVector.broadcast(S, floor)).intoArray(y, to);
  }

  // Plus 0, as a norm of its own has it: no product is -0.
  private static void multiply(
      float[] x, int from, float[] y, int to, int count, float[] scale, int channel) {
    for (int i = 0; i < count; i += Lanes.BLOCK) {
      FloatVector p = FloatVector.fromArray(S, x, from + i);
      p.mul(FloatVector.fromArray(S, scale, channel)).add(0).intoArray(y, to + i);
      int next = i + Lanes.COUNT;
      FloatVector q = FloatVector.fromArray(S, x, from + next);
      q.mul(FloatVector.fromArray(S, scale, channel + Lanes.COUNT)).add(0).intoArray(y, to + next);
    }
  }

  private interface Row {
    void run(int image, int block, int row);
  }

  private static void rows(BlockedTensor x, Threads threads, Row work) {
    threads.run(
        x.batch * x.blocks * x.height,
        x.height,
        1,
        (from, end, worker) -> {
          for (int line = from; line < end; line++) {
            int plane = line / x.height;
            work.run(plane / x.blocks, plane % x.blocks, line % x.height);
          }
        });
  }
}
