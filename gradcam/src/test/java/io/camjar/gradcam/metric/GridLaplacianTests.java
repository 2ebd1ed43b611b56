package io.camjar.gradcam.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.method.HashedSample;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridLaplacianTests {
  private static final double EDGE = 1.0 / 6;
  private static final double CORNER = 1.0 / 12;

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 9", "8, 1", "2, 2", "5, 7", "11, 16", "16, 11", "17, 17"})
  void solvesWhatADecompositionSolves(int height, int width) {
    boolean[] missing = someOf(height * width);

    assertSolved(missing, width, 1e-12);
  }

  @Test
  void nothingChangesWhereNothingIsMissing() {
    assertThat(new NoisyLinearImputer(1, 0).impute(new float[] {1, 2}, new boolean[2], 2))
        .containsExactly(1, 2);
  }

  @Test
  void solvesAWideHoleThatIsKnownAtOneCornerOnly() {
    boolean[] missing = new boolean[20 * 20];
    for (int i = 0; i < missing.length; i++) {
      missing[i] = i > 0;
    }

    assertSolved(missing, 20, 1e-9);
  }

  @Test
  void aGridOfWhichNoPixelIsKnownIsRefused() {
    assertThatThrownBy(() -> GridLaplacian.of(new boolean[] {true, true}, 2, EDGE, CORNER))
        .hasMessageContaining("no pixel of the grid is known");
  }

  @Test
  void everyCellIsEliminatedOnceAndTheLineInTheMiddleLast() {
    int[] order = NestedDissection.order(5, 13);

    assertThat(order).hasSize(65).doesNotHaveDuplicates();
    assertThat(Arrays.copyOfRange(order, 60, 65)).containsExactly(6, 19, 32, 45, 58);
  }

  @Test
  void anImageThatIsMissingButForItsFrameTakesTheFramesValue() {
    int side = 150;
    boolean[] missing = new boolean[side * side];
    float[] input = new float[side * side];
    for (int i = 0; i < missing.length; i++) {
      int row = i / side;
      int column = i % side;
      missing[i] = row > 0 && row < side - 1 && column > 0 && column < side - 1;
      input[i] = missing[i] ? -7 : 3;
    }

    float[] filled = new NoisyLinearImputer(0, 0).impute(input, missing, side);

    for (float value : filled) {
      assertThat(value).isCloseTo(3, within(1e-5f));
    }
  }

  private static void assertSolved(boolean[] missing, int width, double tolerance) {
    GridLaplacian laplacian = GridLaplacian.of(missing, width, EDGE, CORNER);
    int[] pixels = laplacian.missing();
    float[] hashed = HashedSample.uniform("laplacian", missing.length);
    double[] b = Arrays.stream(pixels).mapToDouble(pixel -> hashed[pixel]).toArray();

    double[] x = laplacian.solve(b);

    RealVector expected = decomposed(pixels, missing, width, b);
    for (int k = 0; k < pixels.length; k++) {
      assertThat(x[k]).isCloseTo(expected.getEntry(k), within(tolerance));
    }
  }

  /** The same system written out as a matrix. */
  private static RealVector decomposed(int[] pixels, boolean[] missing, int width, double[] b) {
    int height = missing.length / width;
    RealMatrix matrix = new Array2DRowRealMatrix(pixels.length, pixels.length);
    int[] row = new int[missing.length];
    for (int k = 0; k < pixels.length; k++) {
      row[pixels[k]] = k;
    }
    for (int k = 0; k < pixels.length; k++) {
      int y = pixels[k] / width;
      int x = pixels[k] % width;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          int i = (y + dy) * width + x + dx;
          boolean inside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
          if (inside && (dy != 0 || dx != 0)) {
            double weight = dy == 0 || dx == 0 ? EDGE : CORNER;
            matrix.addToEntry(k, k, weight);
            if (missing[i]) {
              matrix.addToEntry(k, row[i], -weight);
            }
          }
        }
      }
    }
    return new LUDecomposition(matrix).getSolver().solve(new ArrayRealVector(b));
  }

  /** About two in three, never the first. */
  private static boolean[] someOf(int count) {
    float[] hashed = HashedSample.uniform("missing", count);
    boolean[] some = new boolean[count];
    for (int i = 1; i < count; i++) {
      some[i] = i == 1 || hashed[i] < 0.35f;
    }
    return some;
  }
}
