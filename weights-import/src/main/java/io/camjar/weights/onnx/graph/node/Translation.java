package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.ShapeException;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.Shape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.constant.Folding;
import io.camjar.weights.onnx.graph.node.Value.Known;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph while it is written down from a model. Shapes are computed at several sizes of the input
 * at once, which shows which sides depend on the batch and which on the image's size.
 */
public final class Translation {
  /** What the graph holds of one value. */
  private record Origin(String path, Op op, List<Traced> operands) {}

  private final long opset;
  private final List<Probe> probes;
  private final Names names;
  private final GraphBuilder graph;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<Integer, Origin> origins = new HashMap<>();
  private final Map<String, TensorEntry> weights = new LinkedHashMap<>();
  private final Map<TensorEntry, Traced> parameters = new IdentityHashMap<>();

  /** What the shapes are those of that nodes ask for. */
  private final Map<String, Traced> measured = new HashMap<>();

  /** Names of constants that are computed from open sizes, and may be others at other sizes. */
  private final Set<String> ofOpenSizes = new HashSet<>();

  private final Folding folding;
  private @Nullable Traced image;

  /**
   * Of a model whose initializers are known and whose nodes are not visited yet.
   *
   * @param probes sizes of the input at which shapes are computed
   * @param names what the points of the network are called
   * @param graph what operations are added to
   */
  public Translation(OnnxModel model, List<Probe> probes, Names names, GraphBuilder graph) {
    this.opset = model.opset();
    this.probes = List.copyOf(probes);
    this.names = names;
    this.graph = graph;
    this.folding = new Folding(opset);
    model
        .graph()
        .initializers()
        .entries()
        .forEach(tensor -> values.put(tensor.name(), Known.of(new Constant(tensor))));
  }

  long opset() {
    return opset;
  }

  /** The sizes of the input at which shapes are computed. */
  public List<Probe> probes() {
    return probes;
  }

  Names names() {
    return names;
  }

  /** The weights under the engine's names. */
  public Map<String, TensorEntry> weights() {
    return weights;
  }

  /** What a name of the model stands for; null for an optional input left out. */
  public @Nullable Value value(String name) {
    return name.isEmpty() ? null : values.get(name);
  }

  /** The inputs of a node. */
  public List<@Nullable Value> inputs(OnnxNode node) {
    List<@Nullable Value> inputs = new ArrayList<>();
    node.inputs().forEach(name -> inputs.add(value(name)));
    return inputs;
  }

  /** Lets a name of the model stand for a value. */
  public void define(String name, Value value) {
    values.put(name, value);
  }

  /** Lets a name of the model stand for a constant. */
  public void define(String name, Constant constant) {
    values.put(name, Known.of(constant));
  }

  /**
   * Computes a node that does not read the image's pixels.
   *
   * @return whether it was one
   */
  public boolean fold(OnnxNode node) {
    List<@Nullable Value> inputs = inputs(node);
    Attributes attributes = new Attributes(node);
    boolean ofShape = node.operation().equals("Shape") || node.operation().equals("Size");
    if (ofShape && !inputs.isEmpty() && inputs.get(0) instanceof Traced traced) {
      define(node.outputs().get(0), ofShape(attributes, traced));
      if (!attributes.has("start") && !attributes.has("end")) {
        measured.put(node.outputs().get(0), traced);
      }
      return true;
    }
    if (inputs.stream().anyMatch(Traced.class::isInstance) || node.chooses()) {
      return false;
    }
    boolean fixed = inputs.stream().allMatch(input -> input == null || ((Known) input).isFixed());
    List<List<Constant>> byProbe = new ArrayList<>();
    for (int probe = 0; probe < (fixed ? 1 : probes.size()); probe++) {
      Optional<List<Constant>> outputs = folding.outputs(attributes, constants(inputs, probe));
      if (outputs.isEmpty()) {
        throw new Malformed(
            "has the node '%s' (%s) on constants, and camjar does not compute that operation"
                .formatted(node.label(), node.type()),
            "export the model with its constants folded");
      }
      byProbe.add(outputs.get());
    }
    boolean ofSizes = readsOpenSizes(node);
    for (int i = 0; i < Math.min(node.outputs().size(), byProbe.get(0).size()); i++) {
      int output = i;
      if (ofSizes) {
        ofOpenSizes.add(node.outputs().get(i));
      }
      define(
          node.outputs().get(i), Known.of(byProbe.stream().map(all -> all.get(output)).toList()));
    }
    return true;
  }

  /**
   * Whether a node computes with open sides. What only moves numbers does not: a side that it picks
   * is open if it differs at the probes. Of a comparison that does not tell: it can be true of each
   * of them and false of another size.
   */
  private boolean readsOpenSizes(OnnxNode node) {
    boolean moves = Folding.moves(node.operation());
    boolean joins = node.operation().equals("Concat");
    for (int i = 0; i < node.inputs().size(); i++) {
      String name = node.inputs().get(i);
      boolean moved = moves && (i == 0 || joins);
      boolean open = value(name) instanceof Known known && !known.isFixed();
      if (ofOpenSizes.contains(name) || (open && !moved)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The only number that a name stands for at images and batches of every size; empty where it
   * stands for others, or could at sizes that were not tried.
   */
  public Optional<Double> number(String name) {
    return value(name) instanceof Known known
            && known.isFixed()
            && known.at(0).elements() == 1
            && !ofOpenSizes.contains(name)
        ? Optional.of(known.at(0).scalar())
        : Optional.empty();
  }

  private static Known ofShape(Attributes node, Traced traced) {
    boolean size = node.node().operation().equals("Size");
    return Known.of(
        traced.shapes().stream()
            .map(
                shape ->
                    size
                        ? Constant.ofIntegers(new long[] {shape.length()})
                        : Folding.shape(node, shape.toArray()))
            .toList());
  }

  /** The value whose whole shape a name stands for; empty if it is another constant. */
  Optional<Traced> measured(String name) {
    return Optional.ofNullable(measured.get(name));
  }

  /** Inputs as constants at one probe; null for those left out or not known. */
  List<@Nullable Constant> constants(List<@Nullable Value> inputs, int probe) {
    List<@Nullable Constant> constants = new ArrayList<>();
    inputs.forEach(input -> constants.add(input instanceof Known known ? known.at(probe) : null));
    return constants;
  }

  /** Adds an operation to the graph. */
  public Traced emit(String path, Op op, Traced... operands) {
    List<Shape> shapes = new ArrayList<>();
    for (int probe = 0; probe < probes.size(); probe++) {
      List<Shape> of = new ArrayList<>();
      for (Traced operand : operands) {
        of.add(operand.shapes().get(probe));
      }
      shapes.add(output(path, op, of));
    }
    int[] numbers = Arrays.stream(operands).mapToInt(Traced::number).toArray();
    Traced result = new Traced(graph.op(path, op, numbers), shapes);
    origins.put(result.number(), new Origin(path, op, List.of(operands)));
    return result;
  }

  private static Shape output(String path, Op op, List<Shape> of) {
    Shape shape;
    try {
      shape = op.output(path, of);
    } catch (ShapeException | ArithmeticException e) {
      throw new Malformed(
          "does not fit together: " + e.getMessage(),
          "check that ONNX Runtime runs it, and export it again",
          e);
    }
    for (int d = 0; d < shape.rank(); d++) {
      if (shape.side(d) < 1) {
        throw Malformed.damaged("node '%s' gives an empty tensor %s".formatted(path, shape));
      }
    }
    return shape;
  }

  /** Counts numbers that a node makes from constants, as {@link Folding#make}. */
  void make(long elements) {
    folding.make(elements);
  }

  /** Gives an operation of the graph one of its parameters. */
  void weight(String name, Constant constant) {
    weights.put(name, constant.tensor().named(name));
  }

  /** A constant as a value of the graph, under the name that the file has for it. */
  Traced parameter(String path, Constant constant) {
    Traced known = parameters.get(constant.tensor());
    if (known != null) {
      return known;
    }
    Constant shaped = constant.rank() == 0 ? constant.reshaped(1) : constant;
    if (shaped.elements() == 0) {
      throw Malformed.damaged("an empty tensor is used at '" + path + "'");
    }
    if (!isExact(shaped)) {
      throw new Malformed(
          "has an integer at '%s' that no float is equal to: camjar holds what depends on an image in floats"
              .formatted(path),
          "export the network with smaller integers there");
    }
    String given = constant.tensor().name();
    String name = names.unique(given.isEmpty() ? path : given);
    weight(name, shaped);
    Traced value = emit(name, new Parameter(Shape.of(shaped.shape()), constant.floating()));
    parameters.put(constant.tensor(), value);
    return value;
  }

  /**
   * Whether floats hold a constant as it is. Beyond 2^53 not even a double tells an integer from
   * the next.
   */
  private static boolean isExact(Constant constant) {
    return constant.floating()
        || Arrays.stream(constant.values())
            .allMatch(value -> Math.abs(value) < 1L << 53 && value == (float) value);
  }

  /** Declares the image. */
  public void image(Traced pixels) {
    image = pixels;
  }

  /** The image, whose first side is the batch. */
  public Traced image() {
    if (image == null) {
      throw new IllegalStateException("the graph has no image yet");
    }
    return image;
  }

  /** Names the value that comes out of a module. */
  public void module(String path, int input, int value) {
    graph.group(names.unique(path), "Module", input, x -> value);
  }

  /** The path under which the graph knows a value; empty for the input. */
  public Optional<String> path(Traced value) {
    return Optional.ofNullable(origins.get(value.number())).map(Origin::path);
  }

  <T extends Op> Optional<T> op(Traced value, Class<T> kind) {
    Origin origin = origins.get(value.number());
    return origin != null && kind.isInstance(origin.op())
        ? Optional.of(kind.cast(origin.op()))
        : Optional.empty();
  }

  List<Traced> operands(Traced value) {
    Origin origin = origins.get(value.number());
    return origin == null ? List.of() : origin.operands();
  }
}
