/** What whole saved modules say about their layers besides the weights, as plain values. */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.module;
