package io.camjar.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class SafetensorsProperties {
  /** Names of any characters, shapes of any rank with empty ones among them, any integer type. */
  @Property(tries = 100, seed = "20261")
  void whatIsWrittenIsReadBitForBit(
      @ForAll @Size(max = 5) List<@StringLength(min = 1, max = 20) String> names,
      @ForAll @Size(max = 4) List<@IntRange(max = 4) Integer> sizes,
      @ForAll DType dtype,
      @ForAll Random random)
      throws IOException {
    long[] shape = sizes.stream().mapToLong(Integer::longValue).toArray();
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    for (String name : names) {
      byte[] bytes = new byte[(int) Shapes.elements(shape) * dtype.bytes()];
      random.nextBytes(bytes);
      Storage storage = Storage.littleEndian(dtype, ByteRegion.wrap(bytes));
      String valid = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      if (!valid.equals("__metadata__")) {
        tensors.put(valid, TensorEntry.contiguous(valid, storage, shape));
      }
    }
    Path file = Files.createTempFile("camjar", ".safetensors");
    try {
      DType floating = dtype.isFloating() ? dtype : DType.FLOAT32;
      SafetensorsWriter.write(file, true, tensors.values(), floating, Map.of("a", "b"));
      Safetensors read = Safetensors.read(ByteRegion.wrap(Files.readAllBytes(file)));
      assertThat(read.metadata()).isEqualTo(Map.of("a", "b"));
      assertThat(read.tensors().names()).isEqualTo(tensors.keySet());
      for (TensorEntry tensor : tensors.values()) {
        TensorEntry copy = read.tensors().find(tensor.name()).orElseThrow();
        assertThat(copy.shape()).isEqualTo(tensor.shape());
        assertThat(raw(copy)).isEqualTo(raw(tensor));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] raw(TensorEntry tensor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tensor.copyBytesTo(
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          out.writeBytes(part);
        });
    return out.toByteArray();
  }
}
