/** Checkpoint files in; named tensors and a model specification out. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights;
