package io.camjar.weights.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are longer than the pieces that a file is read in. */
class LongRunTests {
  private static final int COUNT = 50_001;

  @TempDir private Path folder;

  private Storage storage(DType type, ByteOrder order) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(COUNT * type.bytes()).order(order);
    for (int i = 0; i < COUNT; i++) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat(i);
        case FLOAT64 -> bytes.putDouble(i);
        default -> bytes.putInt(i);
      }
    }
    Path file = Files.write(folder.resolve("" + type + order), bytes.array());
    return new Storage(type, order, ByteRegion.map(file));
  }

  @Test
  void areReadWhole() throws Exception {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32}) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
        float[] all = TensorEntry.contiguous("t", storage(type, order), COUNT).toFloats();
        assertThat(all).hasSize(COUNT);
        for (int i = 0; i < COUNT; i++) {
          assertThat(all[i]).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void areReadFromTheMiddleAndByRows() throws Exception {
    Storage storage = storage(DType.FLOAT32, ByteOrder.LITTLE_ENDIAN);
    float[] rows =
        new TensorEntry("t", storage, 1, new long[] {2, 20_000}, new long[] {25_000, 1}).toFloats();
    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i]).isEqualTo(i < 20_000 ? 1 + i : 25_001 + i - 20_000);
    }
    float[] every =
        new TensorEntry("t", storage, 0, new long[] {25_000}, new long[] {2}).toFloats();
    assertThat(every[24_999]).isEqualTo(49_998);
  }

  @Test
  void elementsApartAreAllLookedAt() {
    ByteBuffer bytes = ByteBuffer.allocate(5 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(4 * Float.BYTES, Float.NaN).putFloat(Float.BYTES, Float.POSITIVE_INFINITY);
    Storage storage = Storage.littleEndian(DType.FLOAT32, ByteRegion.wrap(bytes.array()));
    TensorEntry everyFourth = new TensorEntry("t", storage, 0, new long[] {2}, new long[] {4});
    TensorEntry everySecond = new TensorEntry("t", storage, 0, new long[] {2}, new long[] {2});
    TensorEntry oneRepeated =
        new TensorEntry("t", storage, 3, new long[] {1, 9}, new long[] {0, 0});
    TensorEntry infinite = new TensorEntry("t", storage, 1, new long[] {9}, new long[] {0});
    assertThat(everyFourth.isFinite()).isFalse();
    assertThat(everyFourth.isFiniteAsFloat()).isFalse();
    assertThat(everySecond.isFinite()).isTrue();
    assertThat(everySecond.isFiniteAsFloat()).isTrue();
    assertThat(oneRepeated.isFinite()).isTrue();
    assertThat(oneRepeated.isFiniteAsFloat()).isTrue();
    assertThat(infinite.isFinite()).isFalse();
    assertThat(infinite.isFiniteAsFloat()).isFalse();
  }

  @Test
  void numbersBeyondFloatsAreInfinite() throws Exception {
    assertThat(
            TensorEntry.contiguous("t", storage(DType.FLOAT32, ByteOrder.LITTLE_ENDIAN), COUNT)
                .isFiniteAsFloat())
        .isTrue();
    for (double value : new double[] {Double.NaN, 1e300, Double.NEGATIVE_INFINITY}) {
      ByteBuffer bytes = ByteBuffer.allocate(COUNT * 8).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putDouble((COUNT - 1) * 8, value);
      Storage storage = Storage.littleEndian(DType.FLOAT64, ByteRegion.wrap(bytes.array()));
      assertThat(TensorEntry.contiguous("t", storage, COUNT).isFiniteAsFloat()).isFalse();
    }
  }
}
