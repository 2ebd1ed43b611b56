package io.camjar.gradcam.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstComponentTests {
  @ParameterizedTest
  @CsvSource({"3, 20", "20, 3", "17, 17", "1, 9", "9, 1", "2, 2", "60, 45"})
  void isTheWholeDecompositionsFirstComponent(int channels, int cells) {
    float[] terms = HashedSample.uniform("component", channels * cells);

    float[] projection = FirstComponent.project(terms, channels);

    float[] expected = bySvd(terms, channels);
    for (int i = 0; i < cells; i++) {
      assertThat(projection[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Test
  void pointsToWhereTheSumOverChannelsGrows() {
    // Most of the map is busy and a corner is not: the largest value lies below zero.
    float[] busy = {5, 5, 5, 0, 6, 6, 6, 0};

    assertThat(FirstComponent.project(busy, 2)[0]).isPositive();
    assertThat(FirstComponent.project(busy, 2)[3]).isNegative();
  }

  @Test
  void pointsToTheFarthestValueWhereTheSumDoesNotChange() {
    float[] opposed = {0, 0, 3, 0, 0, -3};

    assertThat(FirstComponent.project(opposed, 2)[2]).isPositive();
  }

  @Test
  void isZeroWhereNoChannelVaries() {
    assertThat(FirstComponent.project(new float[] {2, 2, 2, 7, 7, 7}, 2)).containsOnly(0);
    assertThat(FirstComponent.project(new float[12], 6)).containsOnly(0);
  }

  @Test
  void isNotANumberWhereAValueIsNot() {
    assertThat(FirstComponent.project(new float[] {1, Float.NaN, 2, 3}, 2)).containsOnly(Float.NaN);
    assertThat(FirstComponent.project(new float[] {1, Float.POSITIVE_INFINITY}, 1))
        .containsOnly(Float.NaN);
  }

  @Test
  void theLargestLayersTakeNoDecompositionOfTheirGramMatrix() {
    float[] layer = HashedSample.uniform("large", 512 * 1936);

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> FirstComponent.project(layer, 512));
  }

  /** The same by Commons Math's full decomposition. */
  private static float[] bySvd(float[] terms, int channels) {
    int cells = terms.length / channels;
    RealMatrix matrix = MatrixUtils.createRealMatrix(cells, channels);
    for (int c = 0; c < channels; c++) {
      double mean = Floats.sum(terms, c * cells, cells) / cells;
      for (int i = 0; i < cells; i++) {
        matrix.setEntry(i, c, terms[c * cells + i] - mean);
      }
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(matrix);
    double[] projection = matrix.operate(svd.getV().getColumn(0));
    double agreement = 0;
    for (int i = 0; i < cells; i++) {
      for (int c = 0; c < channels; c++) {
        agreement += projection[i] * matrix.getEntry(i, c);
      }
    }
    float[] oriented = new float[cells];
    for (int i = 0; i < cells; i++) {
      oriented[i] = (float) (agreement < 0 ? -projection[i] : projection[i]);
    }
    return oriented;
  }
}
