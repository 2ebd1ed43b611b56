/** ONNX models as their file has them: a graph of nodes, and named tensors. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.onnx;
