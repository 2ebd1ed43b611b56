package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Expand;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.Shape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Known;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One node while it is translated: its attributes, its inputs, and what it adds to the graph. */
public final class Call {
  private final Translation translation;
  private final Attributes attributes;
  private final List<@Nullable Value> inputs;
  private final String path;
  private int parts;

  /**
   * A node.
   *
   * @param translation what its results are added to
   * @param inputs what its inputs stand for, null for those left out
   * @param path the name that its operation gets
   */
  public Call(
      Translation translation, Attributes attributes, List<@Nullable Value> inputs, String path) {
    this.translation = translation;
    this.attributes = attributes;
    this.inputs = inputs;
    this.path = path;
  }

  OnnxNode node() {
    return attributes.node();
  }

  Attributes attributes() {
    return attributes;
  }

  /** The version of ONNX's operators that the model uses. */
  long opset() {
    return translation.opset();
  }

  /** How many inputs there are, with those left out before the last. */
  int arity() {
    return inputs.size();
  }

  /** Whether an optional input is given. */
  boolean has(int index) {
    return index < inputs.size() && inputs.get(index) != null;
  }

  Value input(int index) {
    Value input = index < inputs.size() ? inputs.get(index) : null;
    if (input == null) {
      throw Malformed.damaged("node '%s' lacks its input %d".formatted(node().label(), index));
    }
    return input;
  }

  /** Whether an input is of integers, or of truths that are known. */
  boolean isOfIntegers(int index) {
    return input(index) instanceof Known known
        ? !known.at(0).floating()
        : ((Traced) input(index)).integers();
  }

  /** Whether an input depends on the image. */
  boolean isTraced(int index) {
    return has(index) && input(index) instanceof Traced;
  }

  /**
   * An input as a value of the graph. A constant becomes a node of its own; one that was repeated
   * for each image of the batch is repeated in the graph.
   */
  Traced traced(int index) {
    if (input(index) instanceof Traced traced) {
      return traced;
    }
    Known known = known(index);
    Optional<Constant> row = known.isFixed() ? Optional.empty() : RepeatedRow.of(known);
    if (row.isEmpty()) {
      return parameter(constant(index));
    }
    List<Long> sides = new ArrayList<>();
    for (long side : row.get().shape()) {
      sides.add(sides.isEmpty() ? 0 : side);
    }
    return before(new Expand(sides), parameter(row.get()), image());
  }

  /**
   * An input that is broadcast with a value of each image. An exporter that has seen one batch
   * repeats a constant for its images, a class token for example: then one row stands for all.
   */
  Traced broadcast(int index, Traced value) {
    if (isTraced(index) || value.rank() == 0 || !known(index).isFixed()) {
      return traced(index);
    }
    Constant constant = constant(index);
    int images = translation.probes().get(0).batch();
    boolean ofBatch =
        images > 1
            && constant.rank() == value.rank()
            && constant.shape()[0] == images
            && value.shape().side(0) == images
            && !value.isFixed(0);
    if (!ofBatch) {
      return traced(index);
    }
    return parameter(
        RepeatedRow.of(known(index))
            .orElseThrow(
                () ->
                    refuse(
                        "has other numbers for each of the %d images that the model takes"
                            .formatted(images))));
  }

  /** The first inputs as values of the graph, constants broadcast with the first that is none. */
  List<Traced> inputs(int count) {
    int first = IntStream.range(0, count).filter(this::isTraced).findFirst().orElse(0);
    Traced value = traced(first);
    return IntStream.range(0, count)
        .mapToObj(index -> index == first ? value : broadcast(index, value))
        .toList();
  }

  /** The image, whose first side is the batch. */
  Traced image() {
    return translation.image();
  }

  /** The input that a one-input operation reads. */
  Traced x() {
    return traced(0);
  }

  /**
   * An input that must not depend on the image.
   *
   * @throws Malformed if it does
   */
  Constant constant(int index) {
    if (!(input(index) instanceof Known known)) {
      throw refuse("computes its input %d from the image".formatted(index));
    }
    if (!known.isFixed()) {
      throw refuse("takes as input %d numbers that change with the image's size".formatted(index));
    }
    return known.at(0);
  }

  /** As {@link #constant(int)}, empty if the input is left out. */
  Optional<Constant> optional(int index) {
    return has(index) ? Optional.of(constant(index)) : Optional.empty();
  }

  /** An input that must not depend on the image's pixels, though maybe on its size. */
  Known known(int index) {
    if (input(index) instanceof Known known) {
      return known;
    }
    throw refuse("computes its input %d from the image".formatted(index));
  }

  /** The value whose shape an input is, if it is the shape of one. */
  Optional<Traced> measured(int index) {
    return translation.measured(node().inputs().get(index));
  }

  /** Inputs as constants at one probe; null for those that depend on the image. */
  List<@Nullable Constant> constantsAt(int probe) {
    return translation.constants(inputs, probe);
  }

  /** How many probes there are. */
  int probes() {
    return translation.probes().size();
  }

  /** The node's own operation, whose value has the node's name. */
  Traced emit(Op op, Traced... operands) {
    return translation.emit(path, op, operands);
  }

  /** An operation before the node's own. */
  Traced before(Op op, Traced... operands) {
    return translation.emit(translation.names().unique(path + "." + part()), op, operands);
  }

  /** An operation of this name below the node's. */
  Traced below(String name, Op op, Traced... operands) {
    return translation.emit(translation.names().unique(path + "." + name), op, operands);
  }

  /** A constant as a value of the graph. */
  Traced parameter(Constant constant) {
    return translation.parameter(path + "." + part(), constant);
  }

  /** A parameter of the node's own operation. */
  void weight(String name, Constant constant) {
    translation.weight(path + "." + name, constant);
  }

  /** Counts numbers that are made for a parameter, before they are made. */
  void make(long elements) {
    translation.make(elements);
  }

  /** The same value under the node's names too. */
  Traced same(Traced value) {
    return value;
  }

  /** Which operation computed a value, if it is known to be of that kind. */
  <T extends Op> Optional<T> origin(Traced value, Class<T> kind) {
    return translation.op(value, kind);
  }

  /** What the operation that computed a value reads. */
  List<Traced> operands(Traced value) {
    return translation.operands(value);
  }

  /** The shapes at all probes, each computed by a rule. */
  List<Shape> shapes(IntFunction<Shape> rule) {
    return IntStream.range(0, probes()).mapToObj(rule).toList();
  }

  /** The number that a value is, if it is a constant of one. */
  Optional<Double> number(Traced value) {
    return origin(value, Parameter.class)
        .filter(parameter -> parameter.shape().length() == 1)
        .map(parameter -> translation.weights().get(translation.path(value).orElseThrow()))
        .map(tensor -> new Constant(tensor).scalar());
  }

  /** A parameter of the operation that computed a value. */
  Constant weightOf(Traced value, String name) {
    String owner = translation.path(value).orElseThrow();
    return new Constant(
        Objects.requireNonNull(translation.weights().get(owner + "." + name), owner));
  }

  /** Says that camjar cannot run this node. */
  Malformed refuse(String what) {
    return new Malformed(
        "has the node '%s' (%s), which %s: camjar does not run that"
            .formatted(node().label(), node().type(), what),
        "export the network without it, or give its weights as a PyTorch or safetensors file");
  }

  private String part() {
    return "part" + parts++;
  }
}
