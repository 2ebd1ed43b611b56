package io.camjar.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A rectifier on the way back: what has just been stored becomes 0 where its output was not
 * positive.
 */
final class Gate {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private Gate() {}

  /**
   * Gates neighbouring results of one row.
   *
   * @param gate the rectifier's output, of the shape of {@code y}
   * @param step columns between two results
   */
  static void row(
      Blocked gate, Blocked y, int image, int block, int row, int column, int step, int count) {
    row(
        gate.data,
        gate.offset(image, block, row, column),
        y.data,
        y.offset(image, block, row, column),
        step * Lanes.BLOCK,
        count);
  }

  private static void row(float[] gate, int from, float[] y, int to, int step, int count) {
    if (step == Lanes.BLOCK) {
      // Apart, so that the compiler tests indices before the loop.
      for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.COUNT) {
        one(gate, from + i, y, to + i);
      }
    } else {
      for (int i = 0; i < count; i++) {
        one(gate, from + i * step, y, to + i * step);
        one(gate, from + i * step + Lanes.COUNT, y, to + i * step + Lanes.COUNT);
      }
    }
  }

  private static void one(float[] gate, int from, float[] y, int to) {
    FloatVector open = FloatVector.fromArray(S, gate, from);
    FloatVector value = FloatVector.fromArray(S, y, to);
    FloatVector zero = FloatVector.zero(S);
    zero.blend(value, open.compare(VectorOperators.GT, 0)).intoArray(y, to);
  }
}
