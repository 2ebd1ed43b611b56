package io.camjar.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Results of PyTorch, read from test resources that {@code src/test/python} has made.
 *
 * <p>{@code NAME.txt} is the index, one {@code key value...} a line; {@code tensor name
 * dimension...} lines follow the order of the float32 data in {@code NAME.f32}.
 */
public final class Golden {
  private record Tensor(long[] shape, int offset) {}

  private final List<List<String>> facts = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final ByteBuffer data;

  private Golden(String index, byte[] bytes) {
    data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int offset = 0;
    for (String line : index.lines().filter(l -> !l.startsWith("#")).toList()) {
      List<String> words = List.of(line.split(" "));
      facts.add(words);
      if (words.get(0).equals("tensor")) {
        long[] shape = words.stream().skip(2).mapToLong(Long::parseLong).toArray();
        tensors.put(words.get(1), new Tensor(shape, offset));
        offset += Float.BYTES * length(shape);
      }
    }
    if (offset != bytes.length) {
      throw new IllegalStateException(
          "index describes %d bytes, the data has %d".formatted(offset, bytes.length));
    }
  }

  /** Reads the pair of resources of this name, such as {@code layers/Conv2d}. */
  public static Golden read(String name) {
    return new Golden(
        new String(bytes("/" + name + ".txt"), StandardCharsets.UTF_8), bytes("/" + name + ".f32"));
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no golden file " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int length(long[] shape) {
    return Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
  }

  /** The values of every line with this key, in order. */
  public List<List<String>> facts(String key) {
    return facts.stream()
        .filter(f -> f.get(0).equals(key))
        .map(f -> f.subList(1, f.size()))
        .toList();
  }

  /** The one value of the one line with this key. */
  public String fact(String key) {
    List<List<String>> lines = facts(key);
    if (lines.size() != 1 || lines.get(0).size() != 1) {
      throw new IllegalStateException("expected one value of " + key + ", found " + lines);
    }
    return lines.get(0).get(0);
  }

  /** The one value of the one line with this key, as a whole number. */
  public int number(String key) {
    return Integer.parseInt(fact(key));
  }

  /** The tensors' names in file order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** The tensors' names that start with this prefix, without it. */
  public Stream<String> namesUnder(String prefix) {
    return tensors.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()));
  }

  /** A tensor's shape. */
  public long[] shape(String name) {
    return tensor(name).shape().clone();
  }

  /** A tensor's values in c order. */
  public float[] values(String name) {
    Tensor tensor = tensor(name);
    float[] values = new float[length(tensor.shape())];
    data.slice(tensor.offset(), values.length * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  /** A tensor as an array of its own; the caller closes it. */
  public INDArray array(String name) {
    return Nd4j.create(values(name), shape(name), 'c');
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no golden tensor " + name + " among " + tensors.keySet());
    }
    return tensor;
  }
}
