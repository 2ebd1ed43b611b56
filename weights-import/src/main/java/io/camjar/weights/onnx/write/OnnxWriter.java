package io.camjar.weights.onnx.write;

import com.google.protobuf.CodedOutputStream;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Input;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Trace;
import io.camjar.weights.bytes.AtomicFile;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a network as an ONNX model, opset 17, float32. A node has the path of the layer it is, and
 * so has its output; an operation that ONNX composes of several has further nodes, whose names go
 * on behind a slash. Each exit of a network that has several is an output. The batch is free,
 * height and width are where the network takes any size.
 */
public final class OnnxWriter {
  /** The producer that the model names. */
  public static final String PRODUCER = "camjar";

  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final Architecture architecture;
  private final Graph graph;
  private final StateDict weights;
  private final Nodes nodes = new Nodes();

  private OnnxWriter(Architecture architecture, StateDict weights) {
    this.architecture = architecture;
    this.graph = architecture.graph();
    this.weights = weights;
  }

  /**
   * Writes a file; it appears only when it is whole.
   *
   * @param overwrite whether a file of that name that holds something else is replaced
   * @param weights the network's parameters by the engine's names
   * @param metadata free text by key
   * @throws FileAlreadyExistsException if it is there and is not to be replaced
   * @throws Malformed if the model would not fit one file
   */
  public static void write(
      Path file,
      boolean overwrite,
      Architecture architecture,
      StateDict weights,
      Map<String, String> metadata)
      throws IOException {
    Message model = new OnnxWriter(architecture, weights).model(metadata);
    if (model.size() > Integer.MAX_VALUE) {
      throw new Malformed(
          "would make an ONNX model of " + model.size() + " bytes, more than one file of protobuf",
          "convert it to safetensors");
    }
    try (AtomicFile target = new AtomicFile(file)) {
      try (OutputStream stream =
          new BufferedOutputStream(
              Files.newOutputStream(
                  target.part(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        CodedOutputStream out = CodedOutputStream.newInstance(stream, 1 << 16);
        model.write(out);
        out.flush();
      }
      if (!overwrite && target.changes()) {
        throw new FileAlreadyExistsException(file.toString());
      }
      target.commit();
    }
  }

  private Message model(Map<String, String> metadata) {
    Message model =
        new Message()
            .integer(1, IR_VERSION)
            .text(2, PRODUCER)
            .message(7, written())
            .message(8, new Message().text(1, "").integer(2, OPSET));
    Map<String, String> all = new LinkedHashMap<>(metadata);
    InputSize size = stated(architecture);
    if (size.fixed()) {
      all.put(OnnxModel.ONE_SIZE, size.height() + "x" + size.width());
    }
    all.forEach((key, value) -> model.message(14, new Message().text(1, key).text(2, value)));
    return model;
  }

  private Message written() {
    InputSize size = architecture.inputSize();
    Shape image = Shape.of(1, architecture.inChannels(), size.height(), size.width());
    int input = graph.inputs().get(0);
    List<@Nullable Shape> shapes = graph.shapes(Map.of(input, image));
    Map<String, Integer> outputs = new LinkedHashMap<>(graph.outputs());
    if (!architecture.exits().isEmpty()) {
      outputs.remove(Trace.LOGITS); // the last exit's once more
    }
    Writers writers = Writers.create();
    List<String> names = new ArrayList<>();
    outputs.keySet().forEach(nodes::unique);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Input) {
        names.add(nodes.unique(node.path()));
      } else {
        List<String> inputs = node.inputs().stream().map(names::get).toList();
        List<Shape> of = new ArrayList<>();
        node.inputs().forEach(value -> of.add(known(shapes, value)));
        names.add(writers.write(new Writing(nodes, node, inputs, of, weights)));
      }
    }
    Message written = new Message();
    List<Message> results = new ArrayList<>();
    outputs.forEach(
        (name, value) -> {
          Message node = new Message().text(1, names.get(value)).text(2, name);
          nodes.nodes().add(node.text(3, name + "/Identity").text(4, "Identity"));
          results.add(value(name, "N", Long.toString(known(shapes, value).side(1))));
        });
    nodes.nodes().forEach(node -> written.message(1, node));
    written.text(2, architecture.name());
    nodes.constants().values().forEach(tensor -> written.message(5, tensor(tensor)));
    InputSize stated = stated(architecture);
    String height = stated.fixed() ? Integer.toString(stated.height()) : "height";
    String width = stated.fixed() ? Integer.toString(stated.width()) : "width";
    written.message(
        11,
        value(names.get(input), "N", Integer.toString(architecture.inChannels()), height, width));
    results.forEach(result -> written.message(12, result));
    return written;
  }

  /**
   * The size that a network's model states, fixed; where the model leaves height and width open,
   * the one that is usual, which is what it is read with then.
   */
  public static InputSize stated(Architecture architecture) {
    InputSize size = architecture.inputSize();
    boolean fixed =
        size.fixed() || architecture.graph().nodes().stream().anyMatch(OnnxWriter::fixesSize);
    return fixed ? InputSize.only(size.height(), size.width()) : InputSize.any(InputSize.USUAL);
  }

  /** Whether the operation is written for images of one size alone. */
  private static boolean fixesSize(Node node) {
    return node.op() instanceof AdaptiveAvgPool2d pool && !pool.isPlain();
  }

  private static Shape known(List<@Nullable Shape> shapes, int value) {
    Shape shape = shapes.get(value);
    if (shape == null) {
      throw new IllegalStateException("no shape reaches value " + value);
    }
    return shape;
  }

  /** A {@code ValueInfoProto}: sides are numbers, or names where they are open. */
  private static Message value(String name, String... sides) {
    Message shape = new Message();
    for (String side : sides) {
      boolean number = Character.isDigit(side.charAt(0));
      shape.message(
          1, number ? new Message().integer(1, Long.parseLong(side)) : new Message().text(2, side));
    }
    Message tensor = new Message().integer(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A {@code TensorProto}; weights of other types become float32. */
  private static Message tensor(TensorEntry tensor) {
    Message message = new Message();
    for (long side : tensor.shape()) {
      message.integer(1, side);
    }
    boolean floating = tensor.dtype().isFloating();
    return message
        .integer(2, floating ? FLOAT : INT64)
        .text(8, tensor.name())
        .data(9, tensor, floating ? DType.FLOAT32 : DType.INT64);
  }
}
