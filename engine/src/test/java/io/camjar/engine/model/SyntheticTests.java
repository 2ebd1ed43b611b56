package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Java and Python must make the same weights and images to the last bit. */
class SyntheticTests {
  private static final Golden GOLDEN = Golden.read("synthetic/synthetic");

  @TestFactory
  Iterable<DynamicTest> parametersAreThoseOfPython() {
    return GOLDEN.names().stream()
        .filter(name -> !name.startsWith("picture"))
        .map(name -> DynamicTest.dynamicTest(name, () -> assertSameBits(name)))
        .toList();
  }

  private static void assertSameBits(String name) {
    try (INDArray made = new SyntheticParameters().get(name, GOLDEN.shape(name))) {
      assertThat(made.data().asFloat()).isEqualTo(GOLDEN.values(name));
    }
  }

  @Test
  void picturesAreThoseOfPython() {
    try (INDArray made = SyntheticInput.images("picture", 2, 3, 33, 70)) {
      assertThat(made.shape()).isEqualTo(GOLDEN.shape("picture"));
      assertThat(made.data().asFloat()).isEqualTo(GOLDEN.values("picture"));
    }
  }

  @Test
  void valuesFillTheirRangeEvenly() {
    HashedUniform uniform = new HashedUniform("some name");
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = uniform.at(i);
    }
    Arrays.sort(values);
    for (int percent = 0; percent <= 100; percent++) {
      float value = values[Math.min(percent * 1000, values.length - 1)];
      assertThat(value).isBetween(percent / 50f - 1.01f, percent / 50f - 0.99f);
    }
    assertThat(values[0]).isGreaterThan(-1);
    assertThat(values[values.length - 1]).isLessThan(1);
  }
}
