package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.graph.node.Names;
import io.camjar.weights.onnx.graph.node.Probe;
import io.camjar.weights.onnx.graph.node.Translation;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The input that takes images.
 *
 * @param name its name in the model
 * @param batch how many images the model was made for; empty if it leaves that open
 * @param channels of an image
 * @param height rows; empty if the model leaves that open
 * @param width columns; empty if the model leaves that open
 * @param channelsLast whether it is {@code [N, H, W, C]} and not {@code [N, C, H, W]}
 */
record ImageInput(
    String name,
    OptionalLong batch,
    int channels,
    OptionalLong height,
    OptionalLong width,
    boolean channelsLast) {
  private static final int MAX_SIDE = 1 << 14;
  private static final int MAX_CHANNELS = 1 << 10;

  static ImageInput of(OnnxModel model) {
    OnnxGraph graph = model.graph();
    List<OnnxValue> images =
        graph.inputs().stream().filter(input -> input.shape().size() == 4).toList();
    if (images.size() != 1 || graph.inputs().size() != 1) {
      throw new Malformed(
          "has "
              + (graph.inputs().isEmpty() ? "no input" : "the inputs " + described(graph.inputs()))
              + ", not one for images",
          "export a classifier of images: one input [N, C, H, W] and scores as output");
    }
    OnnxValue input = images.get(0);
    OptionalLong[] sides =
        input.shape().stream().map(ImageInput::side).toArray(OptionalLong[]::new);
    Optional<Integer> read = channelsRead(graph, input.name());
    boolean last =
        !isChannels(sides[1])
            && isChannels(sides[3])
            && sides[1].isPresent() | sides[3].isPresent();
    OptionalLong stated = last ? sides[3] : sides[1];
    long channels =
        stated.orElseGet(
            () ->
                read.orElseThrow(
                    () ->
                        new Malformed(
                            "does not say how many channels its input '" + input.name() + "' has",
                            "export it again with the number of channels fixed")));
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw Malformed.damaged("its input '%s' has %d channels".formatted(input.name(), channels));
    }
    return new ImageInput(
        input.name(),
        bounded(input, sides[0]),
        (int) channels,
        bounded(input, sides[last ? 1 : 2]),
        bounded(input, sides[last ? 2 : 3]),
        last);
  }

  private static String described(List<OnnxValue> inputs) {
    return inputs.stream()
        .limit(5)
        .map(input -> "'" + input.name() + "' [" + String.join(", ", input.shape()) + "]")
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  /** A side as a number; empty for a parameter's name, and for 0 and -1, which some writers use. */
  private static OptionalLong side(String text) {
    try {
      long side = Long.parseLong(text);
      return side > 0 ? OptionalLong.of(side) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong bounded(OnnxValue input, OptionalLong side) {
    if (side.orElse(1) > MAX_SIDE) {
      throw Malformed.damaged(
          "its input '%s' has the shape [%s]"
              .formatted(input.name(), String.join(", ", input.shape())));
    }
    return side;
  }

  private static boolean isChannels(OptionalLong side) {
    return side.isPresent() && side.getAsLong() <= 4;
  }

  /** The channels that the first convolution reads, if it reads the input itself. */
  private static Optional<Integer> channelsRead(OnnxGraph graph, String input) {
    for (OnnxNode node : graph.nodes()) {
      if (node.operation().equals("Conv")
          && node.inputs().size() > 1
          && node.inputs().get(0).equals(input)) {
        long groups = new Attributes(node).integer("group", 1);
        return graph
            .initializers()
            .find(node.inputs().get(1))
            .filter(weight -> weight.rank() == 4)
            .map(weight -> (int) Math.min(MAX_CHANNELS + 1, weight.size(1) * groups));
      }
    }
    return Optional.empty();
  }

  /** The size of image that shapes are computed for, if the model leaves it open this one. */
  Probe first(int otherwise) {
    return first(otherwise, otherwise);
  }

  /** As {@link #first(int)}, with as many rows and columns where they are open. */
  Probe first(int rows, int columns) {
    return new Probe((int) batch.orElse(1), (int) height.orElse(rows), (int) width.orElse(columns));
  }

  /**
   * Declares the image in a graph, and what the model calls it, at all probes.
   *
   * @return the image's value
   */
  int declare(GraphBuilder graph, Names names, Translation translation) {
    List<Shape> shapes =
        translation.probes().stream()
            .map(probe -> Shape.of(probe.batch(), channels, probe.height(), probe.width()))
            .toList();
    Traced pixels = new Traced(graph.input(Points.INPUT), shapes);
    translation.image(pixels);
    translation.define(
        name,
        channelsLast
            ? translation.emit(names.unique("channels_last"), Transpose.of(0, 2, 3, 1), pixels)
            : pixels);
    return pixels.number();
  }

  /** Whether the model says both height and width. */
  boolean isSized() {
    return height.isPresent() && width.isPresent();
  }

  /** The size of images to prepare. */
  InputSize size(Probe probe) {
    return new InputSize(probe.height(), probe.width(), false);
  }
}
