/** Tensors as a file holds them: name, shape, element type, strides over a storage. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.tensor;
