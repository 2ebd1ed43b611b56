/** Graphs of the engine written as ONNX models. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.onnx.write;
