package io.camjar.weights.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One operation of a graph.
 *
 * @param name as the exporter gave it; often empty
 * @param operation its type, {@code Conv} for example
 * @param domain the operator set; empty for ONNX's own
 * @param inputs names of values in order; an empty name is an optional input left out
 * @param outputs names of values in order; an empty name is an optional output left out
 * @param attributes by name; those left out have the operator's defaults
 */
public record OnnxNode(
    String name,
    String operation,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes) {

  /** The operation's type, with its domain where that is not ONNX's own. */
  public String type() {
    return domain.isEmpty() || domain.equals("ai.onnx") ? operation : domain + ":" + operation;
  }

  /** Whether it chooses one of the graphs inside it, as an {@code If} of ONNX. */
  public boolean chooses() {
    return type().equals("If");
  }

  /** Names of all values that it reads: its inputs, and what graphs inside it read from outside. */
  public List<String> reads() {
    List<String> reads = inputs;
    for (OnnxAttribute attribute : attributes.values()) {
      if (attribute instanceof OnnxAttribute.Graph graph) {
        reads = Stream.concat(reads.stream(), graph.reads().stream()).toList();
      }
    }
    return reads;
  }

  /** A name that users can find: the node's, or its first output's. */
  public String label() {
    return name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
  }
}
