package io.camjar.weights.onnx.write;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes and constants of a model while they are collected. */
final class Nodes {
  private final List<Message> nodes = new ArrayList<>();
  private final Map<String, TensorEntry> constants = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  /** An attribute of a node. */
  static final class Attribute {
    private static final int NAME = 1;
    private static final int F = 2;
    private static final int I = 3;
    private static final int S = 4;
    private static final int INTS = 8;
    private static final int TYPE = 20;

    private Attribute() {}

    static Message of(String name, long value) {
      return new Message().text(NAME, name).integer(I, value).integer(TYPE, 2);
    }

    static Message of(String name, double value) {
      return new Message().text(NAME, name).real(F, (float) value).integer(TYPE, 1);
    }

    static Message of(String name, String value) {
      return new Message().text(NAME, name).text(S, value).integer(TYPE, 3);
    }

    static Message of(String name, long... values) {
      Message message = new Message().text(NAME, name);
      Arrays.stream(values).forEach(value -> message.integer(INTS, value));
      return message.integer(TYPE, 7);
    }
  }

  /**
   * Adds a node; its output has its name.
   *
   * @return the output
   */
  String add(String name, String operation, List<String> inputs, Message... attributes) {
    String unique = unique(name);
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, unique).text(3, unique).text(4, operation);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    nodes.add(node);
    return unique;
  }

  /** Adds a constant of this name, or finds it. */
  String constant(String name, TensorEntry tensor) {
    constants.put(name, tensor.named(name));
    names.add(name);
    return name;
  }

  /** Adds integers, such as a shape. */
  String integers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putLong);
    return constant(unique(name), tensor(DType.INT64, bytes, values.length));
  }

  /** Adds a number. */
  String real(String name, double value) {
    return reals(name, new double[] {value});
  }

  /** Adds numbers in a row, or one number without dimensions. */
  String reals(String name, double[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
    return constant(unique(name), tensor(DType.FLOAT32, bytes, shape));
  }

  private static TensorEntry tensor(DType type, ByteBuffer bytes, long... shape) {
    return TensorEntry.contiguous(
        "", Storage.littleEndian(type, ByteRegion.wrap(bytes.array())), shape);
  }

  String unique(String name) {
    String unique = name;
    for (int i = 2; !names.add(unique); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  List<Message> nodes() {
    return nodes;
  }

  Map<String, TensorEntry> constants() {
    return constants;
  }
}
