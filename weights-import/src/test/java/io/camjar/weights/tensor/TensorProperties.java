package io.camjar.weights.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TensorProperties {
  /**
   * Any permutation of the dimensions of any shape, from any offset, in any type and byte order.
   */
  @Property(tries = 300, seed = "20261")
  void stridedViewsAreWhatIndexingByHandGives(
      @ForAll @Size(max = 4) List<@IntRange(min = 1, max = 5) Integer> sizes,
      @ForAll @IntRange(max = 3) int offset,
      @ForAll DType dtype,
      @ForAll boolean bigEndian,
      @ForAll Random random) {
    int rank = sizes.size();
    List<Integer> order = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      order.add(d);
    }
    Collections.shuffle(order, random);
    long[] shape = sizes.stream().mapToLong(Integer::longValue).toArray();
    long[] strides = new long[rank];
    long stride = 1 + random.nextInt(2);
    for (int d : order) {
      strides[d] = stride;
      stride *= shape[d];
    }
    int elements = (int) (offset + stride + 1);
    byte[] bytes = new byte[elements * dtype.bytes()];
    random.nextBytes(bytes);
    ByteOrder byteOrder = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Storage storage = new Storage(dtype, byteOrder, ByteRegion.wrap(bytes));
    TensorEntry tensor = new TensorEntry("t", storage, offset, shape, strides);

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(byteOrder);
    float[] read = tensor.toFloats();
    long[] index = new long[rank];
    for (float value : read) {
      long at = offset;
      for (int d = 0; d < rank; d++) {
        at += index[d] * strides[d];
      }
      float expected = (float) dtype.read(buffer, (int) at * dtype.bytes());
      assertThat(Float.floatToIntBits(value)).isEqualTo(Float.floatToIntBits(expected));
      for (int d = rank - 1; d >= 0 && ++index[d] == shape[d]; d--) {
        index[d] = 0;
      }
    }
    assertThat(read.length).isEqualTo((int) tensor.elements());
  }
}
