package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Jit;
import io.camjar.engine.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Squares of 16 by 16 numbers transposed in vectors: each of four stages exchanges one bit of a
 * row's number for the same bit of a lane's, two stages at a time for four rows.
 */
final class Squares {
  /** Rows and lanes. */
  static final int SIDE = 16;

  /** Numbers of a square. */
  static final int SIZE = SIDE * SIDE;

  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.fromOp(S, lane -> flip(lane, 8));
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.fromOp(S, lane -> flip(lane, 4));
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.fromOp(S, lane -> flip(lane, 2));
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.fromOp(S, lane -> flip(lane, 1));
  private static final VectorMask<Float> WITH_8 = VectorMask.fromLong(S, 0xFF00);
  private static final VectorMask<Float> WITH_4 = VectorMask.fromLong(S, 0xF0F0);
  private static final VectorMask<Float> WITH_2 = VectorMask.fromLong(S, 0xCCCC);
  private static final VectorMask<Float> WITH_1 = VectorMask.fromLong(S, 0xAAAA);

  private Squares() {}

  private static int flip(int lane, int bit) {
    return (lane ^ bit) % Lanes.COUNT;
  }

  /** Whether vectors are as long as a square's side, and this is faster: JDK 17 is slower at it. */
  static boolean fit() {
    return Lanes.COUNT == SIDE && !Jit.NESTS;
  }

  /**
   * Transposes a square.
   *
   * @param x holds its row {@code r} at {@code at + from[fromAt + r]}
   * @param spare room for {@link #SIZE} numbers from {@code spareAt}
   * @param y set to its column {@code c} at {@code y0 + to[toAt + c]}
   * @param columns that are stored, a multiple of four
   */
  static void transpose(
      float[] x,
      int at,
      int[] from,
      int fromAt,
      float[] spare,
      int spareAt,
      float[] y,
      int y0,
      int[] to,
      int toAt,
      int columns) {
    for (int r = 0; r < 4; r++) {
      FloatVector a = FloatVector.fromArray(S, x, at + from[fromAt + r]);
      FloatVector b = FloatVector.fromArray(S, x, at + from[fromAt + r + 4]);
      FloatVector c = FloatVector.fromArray(S, x, at + from[fromAt + r + 8]);
      FloatVector d = FloatVector.fromArray(S, x, at + from[fromAt + r + 12]);
      FloatVector ac = a.blend(c.rearrange(BY_8), WITH_8);
      FloatVector ca = a.rearrange(BY_8).blend(c, WITH_8);
      FloatVector bd = b.blend(d.rearrange(BY_8), WITH_8);
      FloatVector db = b.rearrange(BY_8).blend(d, WITH_8);
      int s = spareAt + r * SIDE;
      ac.blend(bd.rearrange(BY_4), WITH_4).intoArray(spare, s);
      ac.rearrange(BY_4).blend(bd, WITH_4).intoArray(spare, s + 4 * SIDE);
      ca.blend(db.rearrange(BY_4), WITH_4).intoArray(spare, s + 8 * SIDE);
      ca.rearrange(BY_4).blend(db, WITH_4).intoArray(spare, s + 12 * SIDE);
    }
    for (int r = 0; r < columns; r += 4) {
      int s = spareAt + r * SIDE;
      FloatVector a = FloatVector.fromArray(S, spare, s);
      FloatVector b = FloatVector.fromArray(S, spare, s + SIDE);
      FloatVector c = FloatVector.fromArray(S, spare, s + 2 * SIDE);
      FloatVector d = FloatVector.fromArray(S, spare, s + 3 * SIDE);
      FloatVector ac = a.blend(c.rearrange(BY_2), WITH_2);
      FloatVector ca = a.rearrange(BY_2).blend(c, WITH_2);
      FloatVector bd = b.blend(d.rearrange(BY_2), WITH_2);
      FloatVector db = b.rearrange(BY_2).blend(d, WITH_2);
      ac.blend(bd.rearrange(BY_1), WITH_1).intoArray(y, y0 + to[toAt + r]);
      ac.rearrange(BY_1).blend(bd, WITH_1).intoArray(y, y0 + to[toAt + r + 1]);
      ca.blend(db.rearrange(BY_1), WITH_1).intoArray(y, y0 + to[toAt + r + 2]);
      ca.rearrange(BY_1).blend(db, WITH_1).intoArray(y, y0 + to[toAt + r + 3]);
    }
  }
}
