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
    for (int i = 0; i < count; i++) {
      for (int half = 0; half < Lanes.BLOCK; half += Lanes.COUNT) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector open = FloatVector.fromArray(S, gate, from + i * step + half);
        FloatVector value = FloatVector.fromArray(S, y, to + i * step + half);
        zero.blend(value, open.compare(VectorOperators.GT, 0)).intoArray(y, to + i * step + half);
      }
    }
  }
}
