package io.camjar.gradcam.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.method.HashedSample;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridLaplacianTests {
  private static final double BESIDE = 1.0 / 6;
  private static final double ACROSS = 1.0 / 12;

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 9", "8, 1", "2, 2", "5, 7", "11, 16", "16, 11", "17, 17"})
  void solvesWhatADecompositionSolves(int height, int width) {
    boolean[] missing = someOf(height * width);

    assertSolved(missing, width, 1e-6);
  }

  @Test
  void nothingIsSolvedWhereNothingIsMissing() {
    assertThat(GridLaplacian.of(new boolean[6], 3, BESIDE, ACROSS).cells()).isEmpty();
    assertThat(new NoisyLinearImputer(1, 0).impute(new float[] {1, 2}, new boolean[2], 2))
        .containsExactly(1, 2);
  }

  @Test
  void solvesAWideHoleThatIsKnownAtOneCornerOnly() {
    boolean[] missing = new boolean[20 * 20];
    for (int i = 0; i < missing.length; i++) {
      missing[i] = i > 0;
    }

    assertSolved(missing, 20, 1e-5);
  }

  @Test
  void aPictureThatIsMissingButForItsFrameTakesTheFramesValue() {
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
    GridLaplacian laplacian = GridLaplacian.of(missing, width, BESIDE, ACROSS);
    int places = (missing.length / width + 2) * (width + 2);
    float[] hashed = HashedSample.uniform("laplacian", places);
    double[] b = new double[places];
    for (int at : laplacian.cells()) {
      b[at] = hashed[at];
    }
    double[] x = new double[places];
    laplacian.solve(b, x);

    RealVector expected = decomposed(laplacian.cells(), missing, width, b);
    for (int k = 0; k < laplacian.cells().length; k++) {
      assertThat(x[laplacian.cells()[k]]).isCloseTo(expected.getEntry(k), within(tolerance));
    }
  }

  /** The same system written out as a matrix. */
  private static RealVector decomposed(int[] cells, boolean[] missing, int width, double[] b) {
    int height = missing.length / width;
    RealMatrix matrix = new Array2DRowRealMatrix(cells.length, cells.length);
    RealVector right = new ArrayRealVector(cells.length);
    int[] row = new int[b.length];
    for (int k = 0; k < cells.length; k++) {
      row[cells[k]] = k;
      right.setEntry(k, b[cells[k]]);
    }
    for (int k = 0; k < cells.length; k++) {
      int y = cells[k] / (width + 2) - 1;
      int x = cells[k] % (width + 2) - 1;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          int i = (y + dy) * width + x + dx;
          boolean inside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
          if (inside && (dy != 0 || dx != 0)) {
            double weight = dy == 0 || dx == 0 ? BESIDE : ACROSS;
            matrix.addToEntry(k, k, weight);
            if (missing[i]) {
              matrix.addToEntry(k, row[GridLaplacian.at(y + dy, x + dx, width)], -weight);
            }
          }
        }
      }
    }
    return new LUDecomposition(matrix).getSolver().solve(right);
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
