package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxFields.Attribute;
import io.camjar.weights.onnx.OnnxFields.Entry;
import io.camjar.weights.onnx.OnnxFields.Graph;
import io.camjar.weights.onnx.OnnxFields.Model;
import io.camjar.weights.onnx.OnnxFields.Node;
import io.camjar.weights.onnx.OnnxFields.Opset;
import io.camjar.weights.onnx.OnnxFields.Value;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a model, in whatever order its fields come. */
final class OnnxReader {
  private static final int MAX_NODES = 100_000;
  private static final int MAX_TENSORS = 100_000;
  private static final int MAX_VALUES = 1 << 20;
  private static final int MAX_ENTRIES = 10_000;

  /** Names, attributes, their values and dimensions of one model, which take memory each. */
  private static final int MAX_PARTS = 1 << 21;

  private final ProtoCursor proto;
  private final ExternalData external;
  private int parts;
  private int nodes;
  private int tensors;

  OnnxReader(ByteRegion file, ExternalData external) {
    this.proto = new ProtoCursor(file);
    this.external = external;
  }

  OnnxModel model() {
    long[] version = {0};
    String[] producer = {"", ""};
    Map<String, Long> opsets = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<OnnxGraph> graphs = new ArrayList<>();
    proto.fields(
        field -> {
          switch (field) {
            case Model.IR_VERSION -> version[0] = proto.integer();
            case Model.PRODUCER_NAME -> producer[0] = proto.text();
            case Model.PRODUCER_VERSION -> producer[1] = proto.text();
            case Model.OPSET_IMPORT -> opset(opsets);
            case Model.METADATA -> entry(metadata);
            case Model.GRAPH -> graphs.add(graph(false).value());
            default -> {
              return false;
            }
          }
          return true;
        });
    if (graphs.size() != 1) {
      throw Malformed.truncated("it has " + (graphs.isEmpty() ? "no graph" : "several graphs"));
    }
    return new OnnxModel(
        version[0],
        producer[0],
        producer[1],
        Map.copyOf(opsets),
        Map.copyOf(metadata),
        graphs.get(0));
  }

  private void opset(Map<String, Long> opsets) {
    String[] domain = {""};
    long[] version = {0};
    proto.message(
        field -> {
          switch (field) {
            case Opset.DOMAIN -> domain[0] = proto.text();
            case Opset.VERSION -> version[0] = proto.integer();
            default -> {
              return false;
            }
          }
          return true;
        });
    bounded(opsets.size(), MAX_ENTRIES, "operator sets");
    opsets.put(domain[0], version[0]);
  }

  private void entry(Map<String, String> entries) {
    String[] pair = {"", ""};
    proto.message(
        field -> {
          if (field == Entry.KEY || field == Entry.VALUE) {
            pair[field - 1] = proto.text();
            return true;
          }
          return false;
        });
    bounded(entries.size(), MAX_ENTRIES, "metadata entries");
    entries.put(pair[0], pair[1]);
  }

  /**
   * A graph, and what it reads from graphs around it.
   *
   * @param inside whether it is a node's, which may read values that it does not compute
   */
  private OnnxAttribute.Graph graph(boolean inside) {
    String[] name = {""};
    List<OnnxNode> nodes = new ArrayList<>();
    List<TensorEntry> tensors = new ArrayList<>();
    List<OnnxValue> inputs = new ArrayList<>();
    List<OnnxValue> outputs = new ArrayList<>();
    proto.message(
        field -> {
          switch (field) {
            case Graph.NAME -> name[0] = proto.text();
            case Graph.NODE -> nodes.add(node());
            case Graph.INITIALIZER -> tensors.add(initializer());
            case Graph.INPUT -> inputs.add(value(inputs.size()));
            case Graph.OUTPUT -> outputs.add(value(outputs.size()));
            case Graph.SPARSE_INITIALIZER ->
                throw new Malformed(
                    "has sparse weights, which camjar does not read",
                    "export the model with dense weights");
            default -> {
              return false;
            }
          }
          return true;
        });
    StateDict initializers = StateDict.of(tensors);
    if (initializers.size() < tensors.size()) {
      throw Malformed.damaged("two of its initializers have one name");
    }
    Set<String> given = new LinkedHashSet<>(initializers.names());
    inputs.forEach(input -> given.add(input.name()));
    inputs.removeIf(input -> initializers.has(input.name()));
    Set<String> outside = inside ? outside(nodes, outputs, given) : Set.of();
    given.addAll(outside);
    OnnxGraph graph =
        new OnnxGraph(
            name[0],
            List.copyOf(NodeOrder.sort(nodes, given)),
            initializers,
            List.copyOf(inputs),
            List.copyOf(outputs));
    return new OnnxAttribute.Graph(graph, List.copyOf(outside));
  }

  /** Names that a graph reads or gives and does not have itself. */
  private static Set<String> outside(
      List<OnnxNode> nodes, List<OnnxValue> outputs, Set<String> given) {
    Set<String> outside = new LinkedHashSet<>();
    nodes.forEach(node -> outside.addAll(node.reads()));
    outputs.forEach(output -> outside.add(output.name()));
    nodes.forEach(node -> node.outputs().forEach(outside::remove));
    outside.removeAll(given);
    outside.remove("");
    return outside;
  }

  private TensorEntry initializer() {
    bounded(tensors++, MAX_TENSORS, "initializers");
    return OnnxTensor.read(proto, external);
  }

  private OnnxNode node() {
    bounded(nodes++, MAX_NODES, "nodes");
    String[] texts = {"", "", ""};
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    proto.message(
        field -> {
          switch (field) {
            case Node.NAME -> texts[0] = proto.text();
            case Node.OP_TYPE -> texts[1] = proto.text();
            case Node.DOMAIN -> texts[2] = proto.text();
            case Node.INPUT -> kept(inputs, proto.text());
            case Node.OUTPUT -> kept(outputs, proto.text());
            case Node.ATTRIBUTE -> attribute(attributes);
            default -> {
              return false;
            }
          }
          bounded(inputs.size() + outputs.size(), MAX_ENTRIES, "inputs and outputs of one node");
          return true;
        });
    return new OnnxNode(
        texts[0],
        texts[1],
        texts[2],
        List.copyOf(inputs),
        List.copyOf(outputs),
        Map.copyOf(attributes));
  }

  private void attribute(Map<String, OnnxAttribute> attributes) {
    OnnxAttributeBuilder builder = new OnnxAttributeBuilder();
    proto.message(
        field -> {
          switch (field) {
            case Attribute.NAME -> builder.name = proto.text();
            case Attribute.TYPE -> builder.type = proto.integer();
            case Attribute.F -> builder.value = new OnnxAttribute.Real(proto.real());
            case Attribute.I -> builder.value = new OnnxAttribute.Int(proto.integer());
            case Attribute.S -> builder.value = new OnnxAttribute.Text(proto.text());
            case Attribute.T ->
                builder.value = new OnnxAttribute.Tensor(OnnxTensor.read(proto, external));
            case Attribute.FLOATS ->
                proto.fixed32(
                    bits -> {
                      bounded(builder.reals.size(), MAX_VALUES, "floats in one attribute");
                      kept(builder.reals, Float.intBitsToFloat((int) bits));
                    });
            case Attribute.INTS ->
                proto.integers(
                    value -> {
                      bounded(builder.ints.size(), MAX_VALUES, "integers in one attribute");
                      kept(builder.ints, value);
                    });
            case Attribute.STRINGS -> {
              bounded(builder.texts.size(), MAX_ENTRIES, "texts in one attribute");
              kept(builder.texts, proto.text());
            }
            case Attribute.G -> builder.value = graph(true);
            case Attribute.GRAPHS -> {
              builder.value = new OnnxAttribute.Other("graphs");
              return false;
            }
            case Attribute.TENSORS -> {
              builder.value = new OnnxAttribute.Other("tensors");
              return false;
            }
            default -> {
              return false;
            }
          }
          return true;
        });
    bounded(attributes.size(), MAX_ENTRIES, "attributes of one node");
    count();
    attributes.put(builder.name, builder.build());
  }

  private OnnxValue value(int number) {
    bounded(number, MAX_TENSORS, "inputs or outputs");
    String[] name = {"", ""};
    List<String> shape = new ArrayList<>();
    proto.message(
        field -> {
          if (field == Value.NAME) {
            name[0] = proto.text();
          } else if (field == Value.TYPE) {
            nested(Value.TENSOR_TYPE, () -> name[1] = tensorType(shape));
          } else {
            return false;
          }
          return true;
        });
    return new OnnxValue(name[0], name[1], List.copyOf(shape));
  }

  private String tensorType(List<String> shape) {
    String[] type = {""};
    proto.message(
        field -> {
          if (field == Value.ELEM_TYPE) {
            long number = proto.integer();
            type[0] = OnnxTypes.dtype(number).map(DType::torchName).orElse(OnnxTypes.name(number));
          } else if (field == Value.SHAPE) {
            nested(Value.DIM, () -> kept(shape, dimension(shape.size())));
          } else {
            return false;
          }
          return true;
        });
    return type[0];
  }

  private String dimension(int number) {
    bounded(number, 32, "dimensions of one input or output");
    String[] size = {"?"};
    proto.message(
        field -> {
          switch (field) {
            case Value.DIM_VALUE -> size[0] = Long.toString(proto.integer());
            case Value.DIM_PARAM -> size[0] = proto.text();
            default -> {
              return false;
            }
          }
          return true;
        });
    return size[0];
  }

  /** Enters the current field's message and does something at each of its fields of that number. */
  private void nested(int wanted, Runnable use) {
    proto.message(
        field -> {
          if (field != wanted) {
            return false;
          }
          use.run();
          return true;
        });
  }

  /** Keeps a part of the model, of which there are only so many. */
  private <T> void kept(List<T> list, T part) {
    count();
    list.add(part);
  }

  private void count() {
    bounded(parts++, MAX_PARTS, "names and attributes together");
  }

  private static void bounded(int count, int limit, String what) {
    if (count >= limit) {
      throw new Malformed(
          "has more than " + limit + " " + what + ", more than any network",
          "use the file only if you trust its maker");
    }
  }

  /** An attribute's fields until all of them are read. */
  private static final class OnnxAttributeBuilder {
    private String name = "";
    private long type;
    private @Nullable OnnxAttribute value;
    private final List<Float> reals = new ArrayList<>();
    private final List<Long> ints = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    /** By the type that the file gives; before IR version 3 it gave none. */
    OnnxAttribute build() {
      if (value != null) {
        return value;
      }
      if (type == 6 || (type == 0 && !reals.isEmpty())) {
        return new OnnxAttribute.Reals(List.copyOf(reals));
      }
      if (type == 7 || (type == 0 && !ints.isEmpty())) {
        return new OnnxAttribute.Ints(List.copyOf(ints));
      }
      if (type == 8 || (type == 0 && !texts.isEmpty())) {
        return new OnnxAttribute.Texts(List.copyOf(texts));
      }
      // Zeros and empty texts may be left out of the file.
      return switch ((int) type) {
        case 1 -> new OnnxAttribute.Real(0);
        case 2 -> new OnnxAttribute.Int(0);
        case 3 -> new OnnxAttribute.Text("");
        default -> new OnnxAttribute.Other("type " + type);
      };
    }
  }
}
