package io.camjar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.nd4j.linalg.api.ndarray.INDArray;

/** How far a computed tensor is from what PyTorch computed, and the verdict on it. */
public final class Agreement {
  private Agreement() {}

  /** L2 norm of the difference over the L2 norm of what was expected; NaN if anything is NaN. */
  public static double relativeL2(float[] found, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) found[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  /** Largest difference over the largest expected magnitude; NaN if anything is NaN. */
  public static double relativeMax(float[] found, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) found[i] - expected[i]));
      norm = Math.max(norm, Math.abs(expected[i]));
    }
    return difference == 0 ? 0 : difference / norm;
  }

  /** Asserts the shape, and that the values agree to {@code tolerance} in {@link #relativeMax}. */
  public static void assertClose(Golden golden, String name, INDArray found, double tolerance) {
    assertThat(found.shape()).as(name).isEqualTo(golden.shape(name));
    assertThat(relativeMax(found.dup('c').data().asFloat(), golden.values(name)))
        .as(name)
        .isLessThanOrEqualTo(tolerance);
  }
}
