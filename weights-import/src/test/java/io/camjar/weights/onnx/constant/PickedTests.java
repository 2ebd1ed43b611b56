package io.camjar.weights.onnx.constant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Parts of constants that are computed when a model is read. */
class PickedTests {
  /** {@code [3, 4, 2]}: 0 to 23. */
  private static final Constant COUNTED =
      Constant.ofFloats(DoubleStream.iterate(0, v -> v + 1).limit(24).toArray(), 3, 4, 2);

  private static Constant integers(long... values) {
    return Constant.ofIntegers(values, values.length);
  }

  private static Constant fold(Folding folding, String operation, Constant... inputs) {
    OnnxNode node = SmallModel.node(operation, List.of(), List.of("y"));
    return folding.outputs(new Attributes(node), Arrays.asList(inputs)).orElseThrow().get(0);
  }

  @Test
  void equallyFarPlacesAreAViewOfTheSameValues() {
    Constant every = FoldedPlaces.picked(COUNTED, 1, new int[] {1, 3});

    assertThat(every.tensor().storage()).isSameAs(COUNTED.tensor().storage());
    assertThat(every.shape()).containsExactly(3, 2, 2);
    assertThat(every.values()).containsExactly(2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23);
    assertThat(FoldedPlaces.picked(every, 0, new int[] {2}).values())
        .containsExactly(18, 19, 22, 23);
  }

  @Test
  void otherPlacesAreCopied() {
    assertThat(FoldedPlaces.picked(COUNTED, 1, new int[] {3, 0, 1}).values())
        .startsWith(6, 7, 0, 1, 2, 3, 14, 15)
        .hasSize(18);
    assertThat(FoldedPlaces.picked(COUNTED, 2, new int[] {1, 0}).values())
        .startsWith(1, 0, 3, 2)
        .hasSize(24);
    assertThat(FoldedPlaces.picked(COUNTED, 0, new int[] {1, 1}).values())
        .startsWith(8, 9)
        .endsWith(14, 15)
        .hasSize(16);
    assertThat(FoldedPlaces.picked(COUNTED, 0, new int[] {}).elements()).isZero();
    assertThat(FoldedPlaces.picked(COUNTED, 1, new int[] {0, 1, 3, 3, 3, 0, 2}).values())
        .startsWith(0, 1, 2, 3, 6, 7, 6, 7, 6, 7, 0, 1, 4, 5)
        .endsWith(16, 17, 18, 19, 22, 23, 22, 23, 22, 23, 16, 17, 20, 21)
        .hasSize(42);
    assertThat(FoldedPlaces.picked(COUNTED, 1, new int[] {3, 2, 1, 0, 3, 1, 2}).values())
        .startsWith(6, 7, 4, 5, 2, 3, 0, 1, 6, 7, 2, 3, 4, 5)
        .endsWith(22, 23, 20, 21, 18, 19, 16, 17, 22, 23, 18, 19, 20, 21)
        .hasSize(42);
  }

  @Test
  void placesOfAnEmptyTensorAreEmpty() {
    Constant empty = Constant.ofFloats(new double[0], 0, 4, 2);
    assertThat(FoldedPlaces.picked(empty, 1, new int[] {3, 0, 1}).shape()).containsExactly(0, 3, 2);
  }

  @Test
  void placesOfASlice() {
    assertThat(FoldedPlaces.slice(7, 1, 7, 2)).containsExactly(1, 3, 5);
    assertThat(FoldedPlaces.slice(7, -1, Long.MIN_VALUE, -3)).containsExactly(6, 3, 0);
    assertThat(FoldedPlaces.slice(7, 0, Long.MAX_VALUE, 4)).containsExactly(0, 4);
    assertThat(FoldedPlaces.slice(7, 5, 2, 1)).isEmpty();
    assertThat(FoldedPlaces.slice(7, 2, 5, -1)).isEmpty();
  }

  /** A thousand parts of a constant of 2^20 numbers: read whole each time it was refused. */
  @Test
  void aPartReadsNoMoreThanItGives() {
    Constant large = Constant.ofFloats(new double[1 << 20], 1 << 10, 1 << 10);
    Folding folding = new Folding(13);
    for (long i = 0; i < 1000; i++) {
      Constant row = fold(folding, "Slice", large, integers(i), integers(i + 1), integers(0));
      Constant gathered = fold(folding, "Gather", large, integers(i, 0, 5));
      assertThat(row.elements() + gathered.elements()).isEqualTo(4 << 10);
    }
    Constant many =
        fold(folding, "Tile", Constant.ofFloats(new double[] {7}, 1), integers(1 << 20));
    assertThat(many.values()).containsOnly(7).hasSize(1 << 20);
    long[] all = LongStream.range(0, 3).toArray();
    assertThat(fold(folding, "Gather", large, integers(all)).tensor().storage())
        .isSameAs(large.tensor().storage());
  }

  /** Mostly a batch that an exporter wrote down as a number, in a file that is whole. */
  @Test
  void aShapeOfOtherElementsIsNoDamage() {
    assertThatThrownBy(() -> fold(new Folding(17), "Reshape", COUNTED, integers(2, 3, 4, 2)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("gives a tensor of shape [3, 4, 2] the shape [2, 3, 4, 2]");
  }
}
