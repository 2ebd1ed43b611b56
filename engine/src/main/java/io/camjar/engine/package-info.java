/** The engine: tensors in; activations and gradients out. */
@org.jspecify.annotations.NullMarked
package io.camjar.engine;
