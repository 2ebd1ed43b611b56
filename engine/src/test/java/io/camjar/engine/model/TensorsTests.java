package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TensorsTests {
  @Test
  void valuesComeBackAsTheyWereGiven() {
    try (INDArray tensor = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3)) {
      assertThat(tensor.shape()).containsExactly(1, 2, 3);
      assertThat(tensor.getFloat(0, 1, 0)).isEqualTo(4);
      assertThat(Tensors.floats(tensor)).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void moreOrFewerValuesThanTheShapeHasAreRefused() {
    assertThatThrownBy(() -> Tensors.of(new float[5], 2, 3))
        .isInstanceOf(CamjarException.class)
        .hasMessage("a tensor of shape [2, 3] has 6 values, found 5");
    assertThatThrownBy(() -> Tensors.of(new float[5], 1 << 30, 1 << 30, 1 << 30))
        .isInstanceOf(CamjarException.class)
        .hasMessageEndingWith("has more values than an array of Java's, found 5");
  }

  /** The product of two negative sides is a length like any other. */
  @Test
  void sidesBelowOneAreRefused() {
    assertThatThrownBy(() -> Tensors.of(new float[6], -2, -3))
        .isInstanceOf(CamjarException.class)
        .hasMessage("the sides of a tensor are at least 1, found [-2, -3]");
    assertThatThrownBy(() -> Tensors.of(new float[0], 1, 3, 0, 5))
        .isInstanceOf(CamjarException.class)
        .hasMessage("the sides of a tensor are at least 1, found [1, 3, 0, 5]");
  }
}
