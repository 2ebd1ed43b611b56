package io.camjar.engine.kernel.simd.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Loops and vectors give the same bits, in doubles and in floats. */
class KernelRowsTests {
  private static final int ROW = KernelRows.LENGTH;
  private static final double[] G = {1 / 3.0, -0.7, 1.9};

  private final double[] doubles = new Random(5).doubles(9 * ROW, -2, 2).toArray();
  private final float[] floats = floats(doubles);

  @Test
  void ofFactors() {
    same((rows, y) -> rows.scale(floats, ROW, G[0], y, 2 * ROW));
    sameRounded((rows, y) -> rows.scale(doubles, ROW, G[0], y, 2 * ROW));
  }

  @Test
  void ofSums() {
    same((rows, y) -> rows.sum(floats, ROW, G, y, 2 * ROW));
    sameRounded((rows, y) -> rows.sum(doubles, ROW, G, y, 2 * ROW));
  }

  private static void same(BiConsumer<KernelRows, double[]> row) {
    double[] loops = new double[3 * ROW];
    double[] vectors = new double[3 * ROW];
    row.accept(new KernelLoops(), loops);
    row.accept(new KernelVectors(), vectors);
    assertArrayEquals(loops, vectors);
  }

  private static void sameRounded(BiConsumer<KernelRows, float[]> row) {
    float[] loops = new float[3 * ROW];
    float[] vectors = new float[3 * ROW];
    row.accept(new KernelLoops(), loops);
    row.accept(new KernelVectors(), vectors);
    assertArrayEquals(loops, vectors);
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }
}
