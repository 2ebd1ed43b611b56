package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Stores neighbouring sums of a row as {@link Epilogue} says. */
public final class EpilogueRow {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** As long as the longest line of outputs of neighbouring tiles. */
  private static final float[] NO_RESIDUAL = new float[4 * Lanes.MAX_ROWS * Lanes.BLOCK];

  private EpilogueRow() {}

  /**
   * Adds the bias to sums that have been stored, residual included, and applies the ReLU.
   *
   * @param at the first of them in {@code y}
   * @param stride columns between two of them
   */
  public static void inPlace(
      Epilogue epilogue, BlockedTensor y, int block, int at, int stride, int count) {
    float[] bias = epilogue.bias();
    Activation activation = epilogue.activation();
    if (bias != null
        && activation != null
        && stride == 1
        && !epilogue.relu()
        && activation.ofSums(y.data, at, bias, block * y.block, count)) {
      return;
    }
    if (bias != null) {
      inPlace(y.data, at, stride * y.block, bias, block * y.block, epilogue.floor(), count);
    } else if (epilogue.relu()) {
      inPlace(y.data, at, stride * y.block, TileArgs.ZEROS, 0, epilogue.floor(), count);
    }
    if (activation != null) {
      activate(activation, y, at, stride, count);
    }
  }

  private static void activate(
      Activation activation, BlockedTensor y, int at, int stride, int count) {
    if (stride == 1) {
      activation.forward(y.data, at, y.data, at, count * y.block);
    } else {
      for (int i = 0; i < count; i++) {
        int place = at + i * stride * y.block;
        activation.forward(y.data, place, y.data, place, y.block);
      }
    }
  }

  private static void inPlace(
      float[] y, int at, int step, float[] bias, int b, float least, int count) {
    if (step == Lanes.BLOCK) {
      // Apart, so that the compiler tests indices before the loop.
      for (int c = 0; c < count * Lanes.BLOCK; c += Lanes.BLOCK) {
        inPlace(y, at + c, bias, b, least);
      }
    } else {
      for (int i = 0; i < count; i++) {
        inPlace(y, at + i * step, bias, b, least);
      }
    }
  }

  private static void inPlace(float[] y, int c, float[] bias, int b, float least) {
    FloatVector floor = FloatVector.broadcast(S, least);
    FloatVector p = FloatVector.fromArray(S, y, c).add(FloatVector.fromArray(S, bias, b));
    VectorMath.atLeast(p, floor).intoArray(y, c);
    int d = c + Lanes.COUNT;
    FloatVector q =
        FloatVector.fromArray(S, y, d).add(FloatVector.fromArray(S, bias, b + Lanes.COUNT));
    VectorMath.atLeast(q, floor).intoArray(y, d);
  }

  public static void store(
      Epilogue epilogue,
      float[] sums,
      int from,
      BlockedTensor y,
      int image,
      int block,
      int row,
      int column,
      int count) {
    float[] bias = epilogue.bias() == null ? TileArgs.ZEROS : epilogue.bias();
    int b = epilogue.bias() == null ? 0 : block * y.block;
    BlockedTensor residual = epilogue.residual();
    float[] init = residual == null ? NO_RESIDUAL : residual.data;
    int r = residual == null ? 0 : residual.offset(image, block, row, column);
    store(
        sums,
        from,
        bias,
        b,
        init,
        r,
        epilogue.floor(),
        y.data,
        y.offset(image, block, row, column),
        count);
    if (epilogue.activation() != null) {
      activate(epilogue.activation(), y, y.offset(image, block, row, column), 1, count);
    }
  }

  private static void store(
      float[] sums,
      int from,
      float[] bias,
      int b,
      float[] init,
      int r,
      float least,
      float[] y,
      int to,
      int count) {
    for (int i = 0; i < count; i++) {
      // Not before the loop: JDK 17 would box them.
      FloatVector p = FloatVector.fromArray(S, bias, b);
      FloatVector q = FloatVector.fromArray(S, bias, b + Lanes.COUNT);
      FloatVector floor = FloatVector.broadcast(S, least);
      int s = from + i * Lanes.BLOCK;
      FloatVector ip = FloatVector.fromArray(S, init, r + i * Lanes.BLOCK);
      FloatVector iq = FloatVector.fromArray(S, init, r + i * Lanes.BLOCK + Lanes.COUNT);
      FloatVector sp = FloatVector.fromArray(S, sums, s);
      FloatVector sq = FloatVector.fromArray(S, sums, s + Lanes.COUNT);
      int c = to + i * Lanes.BLOCK;
      VectorMath.atLeast(sp.add(ip).add(p), floor).intoArray(y, c);
      VectorMath.atLeast(sq.add(iq).add(q), floor).intoArray(y, c + Lanes.COUNT);
    }
  }
}
