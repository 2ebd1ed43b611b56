package io.camjar.gradcam;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes the safetensors file of a ResNet-18 of base width 4 and five classes, to be damaged. */
public final class TinyCheckpoint {
  public static final int CLASSES = 5;

  private final Map<String, long[]> shapes;
  private final Map<String, float[]> given = new HashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  public TinyCheckpoint() {
    this(CLASSES);
  }

  private TinyCheckpoint(int outputs) {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(outputs)).withWidth(4);
    shapes = new LinkedHashMap<>(spec.parameterShapes());
  }

  private TinyCheckpoint(Map<String, long[]> shapes) {
    this.shapes = new LinkedHashMap<>(shapes);
  }

  /** The tensors of another network. */
  public static TinyCheckpoint of(Architecture architecture) {
    return new TinyCheckpoint(architecture.parameterShapes());
  }

  /** A network that gives these logits for each image: its classifier's weights are 0. */
  public static TinyCheckpoint answering(float... logits) {
    TinyCheckpoint checkpoint = new TinyCheckpoint(logits.length);
    checkpoint.given.put(
        "fc.weight", new float[(int) (logits.length * checkpoint.shapes.get("fc.weight")[1])]);
    checkpoint.given.put("fc.bias", logits);
    return checkpoint;
  }

  /** The same with one output in place of five. */
  public TinyCheckpoint oneOutput() {
    return with("fc.weight", 1, shapes.get("fc.weight")[1]).with("fc.bias", 1);
  }

  /** The same with one value everywhere in a tensor. */
  public TinyCheckpoint filled(String tensor, float value) {
    float[] values = new float[(int) Arrays.stream(shapes.get(tensor)).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, value);
    given.put(tensor, values);
    return this;
  }

  /** The same with these values in a tensor. */
  public TinyCheckpoint holding(String tensor, float... values) {
    given.put(tensor, values);
    return this;
  }

  /** The shape of a tensor. */
  public long[] shape(String tensor) {
    return shapes.get(tensor).clone();
  }

  /** The names of all tensors. */
  public Set<String> tensors() {
    return Set.copyOf(shapes.keySet());
  }

  /** This network's tensors under a key, and another's under a second one. */
  public TinyCheckpoint under(String key, TinyCheckpoint other, String second) {
    Map<String, long[]> own = new LinkedHashMap<>(shapes);
    Map<String, float[]> values = new HashMap<>(given);
    shapes.clear();
    given.clear();
    own.forEach((name, shape) -> shapes.put(key + "." + name, shape));
    values.forEach((name, value) -> given.put(key + "." + name, value));
    other.shapes.forEach((name, shape) -> shapes.put(second + "." + name, shape));
    other.given.forEach((name, value) -> given.put(second + "." + name, value));
    return this;
  }

  /** The same with names of classes in the file. */
  public TinyCheckpoint named(String... names) {
    metadata.put("camjar.classes", String.join("\\n", names));
    return this;
  }

  /** The same with a word in the file on what outputs mean. */
  public TinyCheckpoint meaning(String outputs) {
    metadata.put("camjar.outputs", outputs);
    return this;
  }

  /** The same with any text in the file's metadata. */
  public TinyCheckpoint saying(String name, String text) {
    metadata.put(name, text);
    return this;
  }

  public TinyCheckpoint without(String tensor) {
    if (shapes.remove(tensor) == null) {
      throw new IllegalArgumentException("no tensor " + tensor);
    }
    return this;
  }

  public TinyCheckpoint with(String tensor, long... shape) {
    shapes.put(tensor, shape);
    return this;
  }

  /** Writes the file and returns it. */
  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /** The file's content. */
  public byte[] bytes() {
    StringBuilder header = new StringBuilder("{");
    metadata.forEach(
        (key, value) ->
            header
                .append(header.length() == 1 ? "\"__metadata__\":{" : ",")
                .append("\"%s\":\"%s\"".formatted(key, value)));
    header.append(metadata.isEmpty() ? "" : "}");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      int start = data.size();
      data.writeBytes(values(entry.getKey(), entry.getValue()));
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"%s\":{\"dtype\":\"F32\",\"shape\":".formatted(entry.getKey()))
          .append(Arrays.toString(entry.getValue()))
          .append(",\"data_offsets\":[%d,%d]}".formatted(start, data.size()));
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    file.writeBytes(json);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private byte[] values(String name, long... shape) {
    try (INDArray array = new SyntheticParameters().get(name, shape)) {
      float[] values = given.getOrDefault(name, HostCopy.floats(array));
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return bytes.array();
    }
  }
}
