/**
 * What PyTorch writes: the zip, legacy stream and tar layouts and the objects inside their pickles.
 */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.torch;
