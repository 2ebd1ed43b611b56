/** Tensors that are known when an ONNX model is read, and what is computed from them. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.onnx.constant;
