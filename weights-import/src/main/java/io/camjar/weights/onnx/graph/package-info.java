/** ONNX models as graphs of the engine's operations. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.onnx.graph;
