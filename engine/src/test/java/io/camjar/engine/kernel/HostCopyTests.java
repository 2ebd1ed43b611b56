package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays in memory that nobody has filled behave as ND4J's own. */
class HostCopyTests {
  private static final int MEBIFLOATS = 1 << 20;

  @Test
  void anArrayGivesItsMemoryBackWhenItIsClosed() {
    INDArray array = HostCopy.uninitialized(4, MEBIFLOATS);
    long with = HostCopy.bytesHeld();

    array.close();

    assertThat(array.wasClosed()).isTrue();
    assertThat(with - HostCopy.bytesHeld()).isGreaterThan(15L << 20);
  }

  @Test
  void anArrayThatNothingReachesGivesItsMemoryBack() throws InterruptedException {
    HostCopy.uninitialized(16, MEBIFLOATS).assign(1);
    long with = HostCopy.bytesHeld();

    for (int i = 0; i < 100 && with - HostCopy.bytesHeld() < 60L << 20; i++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(with - HostCopy.bytesHeld()).isGreaterThan(60L << 20);
  }

  @Test
  void aViewKeepsTheMemoryOfItsArray() throws InterruptedException {
    INDArray row = HostCopy.array(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).get(NDArrayIndex.point(1));

    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(row.toFloatVector()).containsExactly(4, 5, 6);
  }

  /** Its memory is another's by now: what lies there are numbers of anything. */
  @Test
  void aClosedArrayIsNeitherReadNorWritten() {
    for (INDArray array :
        List.of(HostCopy.array(new float[] {1, 2, 3, 4}, 2, 2), Nd4j.ones(DataType.FLOAT, 2, 2))) {
      array.close();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              () -> HostCopy.floats(array),
              () -> HostCopy.floats(array, new float[4]),
              () -> HostCopy.floats(array, 1, 2, new float[4]),
              () -> HostCopy.doubles(array),
              () -> HostCopy.readable(array),
              () -> HostCopy.buffer(array))) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("an array of shape [2, 2] was used after it was closed");
      }
    }
  }

  @Test
  void valuesAreReadAsTheyWereWritten() {
    try (INDArray array = HostCopy.array(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        INDArray twice = array.mul(2)) {
      assertThat(array.shape()).containsExactly(1, 2, 3);
      assertThat(array.dataType()).isEqualTo(DataType.FLOAT);
      assertThat(array.ordering()).isEqualTo('c');
      assertThat(array.getFloat(0, 1, 0)).isEqualTo(4);
      assertThat(HostCopy.floats(twice)).containsExactly(2, 4, 6, 8, 10, 12);
    }
  }

  @Test
  void scalarsAndArraysWithoutElementsAreMadeToo() {
    assertThat(HostCopy.uninitialized().rank()).isZero();
    assertThat(HostCopy.uninitialized(0, 3).isEmpty()).isTrue();
  }
}
