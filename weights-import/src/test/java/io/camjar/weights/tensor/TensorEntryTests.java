package io.camjar.weights.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.weights.bytes.Malformed;
import org.junit.jupiter.api.Test;

class TensorEntryTests {
  private final Storage six = Tensors.floats(0, 1, 2, 3, 4, 5);

  @Test
  void readsTransposedViews() {
    TensorEntry transposed = new TensorEntry("t", six, 0, new long[] {3, 2}, new long[] {1, 3});
    assertThat(transposed.isContiguous()).isFalse();
    assertThat(transposed.toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(transposed.toArray().getFloat(2, 1)).isEqualTo(5);
  }

  @Test
  void readsFromAnOffset() {
    TensorEntry tail = new TensorEntry("t", six, 4, new long[] {2}, new long[] {1});
    assertThat(tail.toFloats()).containsExactly(4, 5);
  }

  @Test
  void readsExpandedViews() {
    TensorEntry expanded = new TensorEntry("t", six, 1, new long[] {2, 3}, new long[] {0, 2});
    assertThat(expanded.toFloats()).containsExactly(1, 3, 5, 1, 3, 5);
  }

  @Test
  void zeroDimensionalTensorsAreScalars() {
    TensorEntry scalar = new TensorEntry("t", six, 3, new long[0], new long[0]);
    assertThat(scalar.toArray().getFloat(0)).isEqualTo(3);
    assertThat(scalar.elements()).isEqualTo(1);
  }

  @Test
  void emptyTensorsNeedNoStorage() {
    TensorEntry empty = new TensorEntry("t", six, 6, new long[] {0, 4}, new long[] {4, 1});
    assertThat(empty.toFloats()).isEmpty();
    assertThat(empty.toArray().isEmpty()).isTrue();
  }

  @Test
  void elementsOutsideTheStorageAreRefused() {
    assertRefused(0, new long[] {7}, new long[] {1});
    assertRefused(5, new long[] {2}, new long[] {1});
    assertRefused(-1, new long[] {1}, new long[] {1});
    assertRefused(0, new long[] {2}, new long[] {-1});
    assertRefused(0, new long[] {-1}, new long[] {1});
    assertRefused(0, new long[] {2, 2}, new long[] {1});
    assertRefused(1, new long[] {Long.MAX_VALUE, 2}, new long[] {0, 0});
    assertRefused(1, new long[] {3}, new long[] {Long.MAX_VALUE});
  }

  private void assertRefused(long offset, long[] shape, long[] strides) {
    assertThatThrownBy(() -> new TensorEntry("t", six, offset, shape, strides))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("'t'");
  }
}
