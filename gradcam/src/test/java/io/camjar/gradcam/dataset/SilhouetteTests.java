package io.camjar.gradcam.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SilhouetteTests {
  private static final List<double[]> POINTS =
      List.of(point(0), point(1), point(2), point(10), point(12), point(20));

  private static double[] point(double x) {
    return new double[] {x, 0};
  }

  /** As scikit-learn 1.2's {@code silhouette_samples} has them. */
  @Test
  void valuesAreScikitLearns() {
    double[] means = Silhouette.of(POINTS, 1).means(new int[] {0, 0, 0, 1, 1, 2}, 3);

    assertThat(means[0]).isCloseTo((1 - 1.5 / 11 + 1 - 1 / 10.0 + 1 - 1.5 / 9) / 3, within(1e-12));
    assertThat(means[1]).isCloseTo((1 - 2 / 9.0 + 1 - 2 / 8.0) / 2, within(1e-12));
    assertThat(means[2]).as("a point that is alone").isZero();
    assertThat(means[3]).isCloseTo((3 * means[0] + 2 * means[1]) / 6, within(1e-12));
  }

  @Test
  void aPointThatIsNearerToAnotherClusterIsBelowZero() {
    assertThat(Silhouette.of(POINTS, 1).means(new int[] {0, 0, 1, 1, 1, 1}, 2)[1]).isLessThan(0.5);
    assertThat(Silhouette.of(POINTS, 1).means(new int[] {0, 1, 0, 1, 0, 1}, 2)[2]).isNegative();
  }
}
