/**
 * Whole modules: whether the classes and attributes of a pickled tree compute what a graph does.
 */
@NullMarked
package io.camjar.weights.names.module;

import org.jspecify.annotations.NullMarked;
