/** A body whose names say nothing: which convolution feeds which, read from shapes and order. */
@NullMarked
package io.camjar.weights.names.wiring;

import org.jspecify.annotations.NullMarked;
