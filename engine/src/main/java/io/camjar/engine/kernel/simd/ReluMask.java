package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A ReLU in the backward: what has just been stored becomes 0 where its output was not positive.
 */
public final class ReluMask {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private ReluMask() {}

  /**
   * Masks neighbouring results of one row.
   *
   * @param mask the ReLU's output, of the shape of {@code y}
   * @param step columns between two results
   */
  public static void row(
      BlockedTensor mask,
      BlockedTensor y,
      int image,
      int block,
      int row,
      int column,
      int step,
      int count) {
    row(
        mask.data,
        mask.offset(image, block, row, column),
        y.data,
        y.offset(image, block, row, column),
        step * Lanes.BLOCK,
        count);
  }

  private static void row(float[] mask, int from, float[] y, int to, int step, int count) {
    if (step == Lanes.BLOCK) {
      // Apart, so that the compiler tests indices before the loop.
      for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.COUNT) {
        one(mask, from + i, y, to + i);
      }
    } else {
      for (int i = 0; i < count; i++) {
        one(mask, from + i * step, y, to + i * step);
        one(mask, from + i * step + Lanes.COUNT, y, to + i * step + Lanes.COUNT);
      }
    }
  }

  private static void one(float[] mask, int from, float[] y, int to) {
    FloatVector open = FloatVector.fromArray(S, mask, from);
    FloatVector value = FloatVector.fromArray(S, y, to);
    FloatVector zero = FloatVector.zero(S);
    zero.blend(value, open.compare(VectorOperators.GT, 0)).intoArray(y, to);
  }
}
