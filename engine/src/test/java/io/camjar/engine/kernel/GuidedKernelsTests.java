package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GuidedKernelsTests {
  private final Kernels base = new ReferenceKernels();
  private final Kernels guided = Kernels.guided(base);

  @Test
  void goingBackOnlyPositiveGradientsPassWhereTheOutputIsPositive() {
    try (INDArray dy = row(1, -1, 1, -1);
        INDArray y = row(2, 2, 0, 0)) {
      assertThat(HostCopy.floats(guided.reluBackward(dy, y))).containsExactly(1, 0, 0, 0);
      assertThat(HostCopy.floats(base.reluBackward(dy, y))).containsExactly(1, -1, 0, 0);
      assertThat(HostCopy.floats(dy)).as("the argument stays").containsExactly(1, -1, 1, -1);
    }
  }

  @Test
  void allElseIsAsBefore() {
    try (INDArray x = row(-3, 4, 0, 1)) {
      assertThat(guided.name()).isEqualTo(base.name());
      assertThat(HostCopy.floats(guided.relu(x))).isEqualTo(HostCopy.floats(base.relu(x)));
    }
  }

  @Test
  void anErrorKeepsItsKind() {
    try (INDArray x = row(1, 2);
        INDArray weight = row(1, 2, 3)) {
      Class<?> kind = catchKind(() -> base.linear(x, weight, null));

      assertThatThrownBy(() -> guided.linear(x, weight, null)).isExactlyInstanceOf(kind);
    }
  }

  private static Class<?> catchKind(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      return e.getClass();
    }
    throw new AssertionError("nothing was thrown");
  }

  private static INDArray row(float... values) {
    return Nd4j.create(values, new long[] {1, values.length}, 'c');
  }
}
