package io.camjar.weights.onnx;

import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param name the value's name
 * @param type PyTorch's name of the element type, {@code float32}; empty if the file does not say
 * @param shape one text a dimension: a number, a parameter's name, or {@code ?}; empty if unknown
 */
public record OnnxValue(String name, String type, List<String> shape) {}
