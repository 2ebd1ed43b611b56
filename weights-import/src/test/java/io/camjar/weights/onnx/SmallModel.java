package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.onnx.graph.OnnxNetwork;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model of opset 17 under construction. Images are {@code x}, {@code [N, 3, 8, 8]}; each
 * node has the name of its first output.
 */
public final class SmallModel {
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final List<TensorEntry> weights = new ArrayList<>();
  private final List<OnnxValue> outputs = new ArrayList<>();

  /** A node without attributes. */
  public static OnnxNode node(String operation, List<String> inputs, List<String> outputs) {
    String name = outputs.isEmpty() ? "" : outputs.get(0);
    return new OnnxNode(name, operation, "", inputs, outputs, Map.of());
  }

  /** Single precision, values between -0.5 and 0.5. */
  public static TensorEntry tensor(String name, long... shape) {
    int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      bytes.putFloat((i * 7919 % 101 - 50) / 100f);
    }
    ByteRegion region = ByteRegion.wrap(bytes.array());
    return TensorEntry.contiguous(name, Storage.littleEndian(DType.FLOAT32, region), shape);
  }

  /** Integers of 64 bits, as sizes are. */
  public static TensorEntry integers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    ByteRegion region = ByteRegion.wrap(bytes.array());
    return TensorEntry.contiguous(name, Storage.littleEndian(DType.INT64, region), values.length);
  }

  /** A 3x3 convolution of three channels. */
  public SmallModel conv(String name, String input) {
    weights.add(tensor(name + ".weight", 3, 3, 3, 3));
    OnnxAttribute pads = new OnnxAttribute.Ints(List.of(1L, 1L, 1L, 1L));
    nodes.add(
        new OnnxNode(
            name,
            "Conv",
            "",
            List.of(input, name + ".weight"),
            List.of(name),
            Map.of("pads", pads)));
    return this;
  }

  /** A linear layer, of means over places where these are images. */
  public SmallModel classifier(String name, String input, int in, int classes) {
    String features = input;
    if (in == 3) {
      node("GlobalAveragePool", name + ".pool", input);
      node("Flatten", name + ".flat", name + ".pool");
      features = name + ".flat";
    }
    weights.add(tensor(name + ".weight", in, classes));
    return node("Gemm", name, features, name + ".weight");
  }

  /** A node of one output. */
  public SmallModel node(String operation, String name, String... inputs) {
    return nodes(node(operation, List.of(inputs), List.of(name)));
  }

  /** Any nodes. */
  public SmallModel nodes(OnnxNode... more) {
    nodes.addAll(List.of(more));
    return this;
  }

  /** Tensors of the file. */
  public SmallModel weights(TensorEntry... more) {
    weights.addAll(List.of(more));
    return this;
  }

  /** An output {@code [n, classes]}. */
  public SmallModel output(String name, Object classes) {
    outputs.add(new OnnxValue(name, "float32", List.of("n", classes.toString())));
    return this;
  }

  public OnnxGraph graph() {
    OnnxValue images = new OnnxValue("x", "float32", List.of("n", "3", "8", "8"));
    return new OnnxGraph("net", nodes, StateDict.of(weights), List.of(images), outputs);
  }

  public OnnxModel model() {
    return new OnnxModel(8, "", "", Map.of("", 17L), Map.of(), graph());
  }

  public OnnxNetwork network() {
    return OnnxNetwork.of(model());
  }
}
