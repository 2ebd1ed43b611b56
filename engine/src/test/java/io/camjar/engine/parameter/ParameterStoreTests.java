package io.camjar.engine.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterStoreTests {
  private static final float[] NUMBERS = {1, -0.0f, 0.1f, Float.MIN_VALUE, 5, 6};

  private final AtomicInteger reads = new AtomicInteger();

  private ParameterStore stored() {
    return new ParameterStore.Builder()
        .source(
            "weight",
            to -> {
              reads.incrementAndGet();
              to.put(NUMBERS);
            },
            2,
            3)
        .array("held", Nd4j.zeros(DataType.FLOAT, 4))
        .build();
  }

  @Test
  void numbersAreReadWithoutAnArray() {
    ParameterStore store = stored();
    assertThat(store.floats("weight")).containsExactly(NUMBERS);
    assertThat(store.doubles("weight")[2]).isEqualTo(0.1f);
    float[] longer = new float[8];
    store.floats("weight", longer);
    assertThat(longer).containsExactly(1, -0.0f, 0.1f, Float.MIN_VALUE, 5, 6, 0, 0);
    assertThat(store.bytes()).isEqualTo(4L * Float.BYTES);
    assertThat(reads).hasValue(3);
  }

  @Test
  void anArrayIsMadeOnceAndStays() {
    ParameterStore store = stored();
    INDArray array = store.get("weight");
    assertThat(array.shape()).containsExactly(2, 3);
    assertThat(HostCopy.floats(array)).containsExactly(NUMBERS);
    assertThat(store.get("weight")).isSameAs(array);
    assertThat(store.bytes()).isEqualTo(10L * Float.BYTES);
    array.putScalar(0, 0, 7);
    assertThat(store.floats("weight")[0]).isEqualTo(7);
    assertThat(store.doubles("weight")[0]).isEqualTo(7);
    assertThat(reads).hasValue(1);
  }

  @Test
  void itIsAMapOfArrays() {
    ParameterStore store = stored();
    assertThat(store.keySet()).containsExactlyInAnyOrder("weight", "held");
    assertThat(store.containsKey("weight")).isTrue();
    assertThat(store.containsKey("bias")).isFalse();
    assertThat(store.get("bias")).isNull();
    assertThat(store.areAll(DataType.FLOAT)).isTrue();
    assertThat(store.type()).isEqualTo(DataType.FLOAT);
    assertThat(reads).hasValue(0);
    assertThat(store.values()).allSatisfy(array -> assertThat(array.wasClosed()).isFalse());
    assertThat(ParameterStore.of(store)).isSameAs(store);
    assertThat(ParameterStore.of(Map.of("weight", store.get("weight"))).floats("weight"))
        .containsExactly(NUMBERS);
    assertThatThrownBy(() -> store.put("bias", Nd4j.zeros(1)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void whatTwoStoresShareIsOneParameter() {
    ParameterStore store = stored();
    ParameterStore other = store.with(Map.of("held", Nd4j.ones(DataType.FLOAT, 3)));
    assertThat(other.floats("held")).containsExactly(1, 1, 1);
    assertThat(store.floats("held")).containsExactly(0, 0, 0, 0);
    assertThat(other.get("weight")).isSameAs(store.get("weight"));
  }

  @Test
  void severalThreadsGetOneArray() {
    ParameterStore store = stored();
    assertThat(
            IntStream.range(0, 64)
                .parallel()
                .mapToObj(
                    i -> {
                      assertThat(store.floats("weight")).containsExactly(NUMBERS);
                      return System.identityHashCode(store.get("weight"));
                    })
                .distinct())
        .hasSize(1);
  }

  @Test
  void aClosedStoreReadsNothing() {
    ParameterStore store = stored();
    INDArray array = store.get("weight");
    store.close();
    store.close();
    assertThat(array.wasClosed()).isTrue();
    assertThat(store.bytes()).isZero();
    assertThatThrownBy(() -> store.floats("weight"))
        .isInstanceOf(CamjarException.class)
        .hasMessage("the network of the parameter weight is closed and its parameters are freed");
  }

  @Test
  void aSourceThatFailsIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    ParameterSlot slot =
        new ParameterSlot(
            "weight",
            to -> {
              if (asked.incrementAndGet() == 1) {
                throw new CamjarException("the disk is away");
              }
              to.put(NUMBERS);
            },
            2,
            3);
    assertThatThrownBy(slot::array).hasMessage("the disk is away");
    assertThat(HostCopy.floats(slot.array())).containsExactly(NUMBERS);
  }
}
